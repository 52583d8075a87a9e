package dev.plaudit.training.writer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.training.Progress;
import dev.plaudit.training.behavior.DataSplit;
import dev.plaudit.training.behavior.LabeledPost;
import dev.plaudit.training.behavior.SplitChoice;
import dev.plaudit.training.language.LanguageHistory;
import dev.plaudit.training.language.LanguageTraining;
import dev.plaudit.training.language.LanguageTrainingOptions;
import dev.plaudit.training.language.LlamaShape;
import dev.plaudit.training.text.BytePairTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Trains the writer: a Llama on instructions to write posts and to tell their like levels.
 *
 * @param split which posts stay unseen; not by time
 * @param size of a model trained from scratch; not used with {@code options.base()}
 * @param levelShare how many like levels are asked for in an epoch, as a share of the posts to be written
 * @param options of the training itself
 */
public record WriterTraining(SplitChoice split, Size size, double levelShare, LanguageTrainingOptions options) {
    private static final BytePairTrainer.Specials SPECIALS =
            new BytePairTrainer.Specials(List.of("<pad>", "<s>", "</s>"), "<s>", "</s>", "<pad>");
    private static final LlamaShape.Tokens TOKENS = new LlamaShape.Tokens(1, 2, 0);
    private static final int SAMPLES = 3;
    private static final int SAMPLE_STRIDE = 97;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The size of a model.
     *
     * @param vocabulary tokens
     * @param layers transformer layers
     * @param dim width, a multiple of 64 or below it
     */
    public record Size(int vocabulary, int layers, int dim) {}

    /**
     * Trains and writes a model folder in the Hugging Face layout, or an adapter in PEFT's, anew after every round that is
     * better.
     *
     * @param labeled posts with known likes
     * @param unlabeled posts without
     * @param out the folder; made when missing
     * @param samples is told posts that the model writes while it learns
     * @throws IllegalArgumentException if the split is by time, or there are too few posts
     * @throws IllegalStateException if the checkpoint to resume from was written with other settings
     * @throws IOException when a file cannot be written
     */
    public LanguageHistory train(
            List<LabeledPost> labeled, List<Post> unlabeled, Path out, Consumer<String> samples, Progress progress)
            throws IOException {
        progress.update("Preparing", 0, labeled.size() + unlabeled.size() + " posts");
        WriterData data = WriterData.of(labeled, unlabeled, split);
        WriterInstructions train = WriterInstructions.augmented(data, levelShare, options.seed());
        WriterInstructions validation = WriterInstructions.writing(data, DataSplit.Part.VALIDATION);
        split.write(out);
        LlamaShape shape =
                options.base().isPresent() ? LlamaShape.read(options.base().get()) : fromScratch(train, out);
        generation(shape, out);
        List<String> prompts = IntStream.range(0, SAMPLES)
                .mapToObj(i -> data.texts(DataSplit.Part.VALIDATION)
                        .get(i
                                * SAMPLE_STRIDE
                                % data.texts(DataSplit.Part.VALIDATION).size()))
                .map(written -> WriterInstructions.prompt(written.post(), Options.DEFAULT))
                .toList();
        LanguageHistory history =
                LanguageTraining.train(train, validation, prompts, samples, shape, options, out, progress);
        new WriterCard(this, shape, data, history).write(out);
        return history;
    }

    private LlamaShape fromScratch(WriterInstructions train, Path out) throws IOException {
        List<String> texts = IntStream.range(0, train.size())
                .mapToObj(i -> train.get(i, 0))
                .flatMap(instruction -> Stream.of(instruction.prompt(), instruction.answer()))
                .toList();
        int vocabulary = BytePairTrainer.train(texts, size.vocabulary(), SPECIALS, out);
        return LlamaShape.small(vocabulary, size.dim(), size.layers(), options.maxTokens(), TOKENS);
    }

    /** How the model likes to be decoded: {@code generation_config.json}. */
    private static void generation(LlamaShape shape, Path out) throws IOException {
        ObjectNode config = JSON.createObjectNode();
        config.put("bos_token_id", shape.tokens().start())
                .put("eos_token_id", shape.tokens().end());
        config.put("pad_token_id", shape.tokens().padding()).put("max_new_tokens", 80);
        config.put("do_sample", true).put("temperature", 0.7).put("top_p", 0.9);
        Files.writeString(
                out.resolve("generation_config.json"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n");
    }
}
