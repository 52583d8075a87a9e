package dev.plaudit.training.writer;

import dev.plaudit.training.behavior.DataSplit.Part;
import dev.plaudit.training.evaluation.WritingReport;
import dev.plaudit.training.language.LanguageHistory.Round;
import dev.plaudit.training.language.LlamaShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The writer's {@code MODEL_CARD.md}. */
record WriterCard(WriterTraining training, LlamaShape shape, WriterData data, WriterTraining.Outcome outcome) {
    void write(Path folder) throws IOException {
        WritingReport report = outcome.report();
        Round best = outcome.history().bestRound();
        Files.writeString(folder.resolve("MODEL_CARD.md"), """
                # Writer

                A Llama (Touvron et al. 2023) that writes a company's post from what is known of it (company, username, date,
                pictures described, usual and wished likes, earlier posts of the account), and tells whether a post will be
                liked little, fairly or much.
                %s

                | | |
                |---|---|
                | layers, width, heads, heads of keys | %d, %d, %d, %d |
                | vocabulary, longest prompt with its post | %,d byte-level BPE tokens, %,d tokens |
                | parameters, of which learnt | %,d, %,d |
                | split | %s |
                | texts to learn from, to choose by, unseen | %,d, %,d, %,d |
                | posts with likes to learn from, unseen | %,d, %,d |
                | passes over them, training time | %.1f, %.0f minutes |
                | perplexity of a token on the texts to choose by | %.1f |

                ## How good it is

                By `plaudit evaluate --task content`, on posts that it has not seen:

                ```
                %s
                ```

                It is shown texts of the account that are next to the unseen post in time, of those that were learnt from. The
                last row is what it must be measured by: it answers each unseen post with one that was learnt from, of
                the same account where there is one.

                ## What it can and cannot do

                It has learnt hashtags and turns of phrase of accounts that it has met, not sense: sentences need not hold
                together, and names, numbers, dates and claims are made up. The perplexity says how far it has come. It is
                for trying the whole chain offline; for posts to publish bring a larger Llama, or train this one for hours.
                What it writes may offend, and nothing here filters it.
                """.formatted(
                        training.options().base().isEmpty()
                                ? "Trained from scratch by `plaudit train post`; no pretrained weights."
                                : training.options().lora().isPresent()
                                        ? "A LoRA adapter trained by `plaudit train post --base --lora`."
                                        : "Trained on from another checkpoint by `plaudit train post --base`.",
                        shape.layers(),
                        shape.dim(),
                        shape.heads(),
                        shape.keyValueHeads(),
                        shape.vocabulary(),
                        training.options().maxTokens(),
                        outcome.history().parameters(),
                        outcome.history().learning(),
                        training.split(),
                        data.texts(Part.TRAIN).size(),
                        data.texts(Part.VALIDATION).size(),
                        data.texts(Part.TEST).size(),
                        data.levels(Part.TRAIN).size(),
                        data.levels(Part.TEST).size(),
                        best.epoch(),
                        best.seconds() / 60,
                        best.perplexity(),
                        report.text().strip()));
    }
}
