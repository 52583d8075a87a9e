package dev.plaudit.training.writer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.TextTokenizer;
import dev.plaudit.inference.decoding.NgramIndex;
import dev.plaudit.inference.decoding.Strategy;
import dev.plaudit.training.Progress;
import dev.plaudit.training.behavior.DataSplit;
import dev.plaudit.training.behavior.LabeledPost;
import dev.plaudit.training.behavior.SplitChoice;
import dev.plaudit.training.evaluation.WritingReport;
import dev.plaudit.training.language.LanguageHistory;
import dev.plaudit.training.language.LanguageTraining;
import dev.plaudit.training.language.LanguageTrainingOptions;
import dev.plaudit.training.language.LlamaShape;
import dev.plaudit.training.text.BytePairTrainer;
import dev.plaudit.training.torch.TrainingState;
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
 * @param evaluated how many unseen posts are written at the end to measure it, at least 2
 * @param forbidden of how many tokens the runs are that {@link NgramIndex#FILE} names, so that a decoder can refuse to copy them;
 *     0 for no such file
 * @param options of the training itself
 */
public record WriterTraining(
        SplitChoice split,
        Size size,
        double levelShare,
        int evaluated,
        int forbidden,
        LanguageTrainingOptions options) {
    private static final BytePairTrainer.Specials SPECIALS =
            new BytePairTrainer.Specials(List.of("<pad>", "<s>", "</s>"), "<s>", "</s>", "<pad>");
    private static final LlamaShape.Tokens TOKENS = new LlamaShape.Tokens(1, 2, 0);
    private static final int SAMPLES = 3;
    private static final int SAMPLE_STRIDE = 97;

    /** How drafts are drawn. */
    static final Strategy.Sampling SAMPLING = new Strategy.Sampling(0.7, 0, 0.9, 0, 0);

    private static final ObjectMapper JSON = new ObjectMapper();

    public WriterTraining {
        WriterEvaluation.requireTwo(evaluated);
    }

    /**
     * The size of a model.
     *
     * @param vocabulary tokens
     * @param layers transformer layers
     * @param dim width, a multiple of 64 or below it
     */
    public record Size(int vocabulary, int layers, int dim) {}

    /**
     * What came of it.
     *
     * @param history how the training went
     * @param report how good the writer is on unseen posts
     */
    public record Outcome(LanguageHistory history, WritingReport report) {}

    /**
     * Trains and writes a model folder in the Hugging Face layout, or an adapter in PEFT's, anew after every round that is
     * better; then measures it and writes its card.
     *
     * @param labeled posts with known likes
     * @param unlabeled posts without
     * @param out the folder; made when missing
     * @param source of the posts, in words
     * @param samples is told posts that the model writes while it learns
     * @throws IllegalArgumentException if the split is by time, or there are too few posts
     * @throws IllegalArgumentException if the checkpoint to resume from was written with other settings
     * @throws IOException when a file cannot be written
     */
    public Outcome train(
            List<LabeledPost> labeled,
            List<Post> unlabeled,
            String source,
            Path out,
            Consumer<String> samples,
            Progress progress)
            throws IOException {
        progress.update("Preparing", 0, labeled.size() + unlabeled.size() + " posts");
        WriterData data = WriterData.of(labeled, unlabeled, split);
        WriterInstructions train = WriterInstructions.augmented(data, levelShare, options.seed());
        WriterInstructions validation = WriterInstructions.writing(data, DataSplit.Part.VALIDATION);
        boolean goesOn = options.resume() && TrainingState.isIn(out);
        if (goesOn) {
            split.requireIn(out);
        }
        // Refuses sizes that do not go together before anything is written.
        LlamaShape wanted = options.base().isPresent()
                ? LlamaShape.read(options.base().get()).reaching(options.maxTokens())
                : fromScratch(size.vocabulary());
        LlamaShape shape = options.base().isPresent()
                ? wanted
                : goesOn ? LlamaShape.read(out) : fromScratch(vocabulary(train, out));
        if (!goesOn) {
            TrainingState.clear(out, options.base());
            split.write(out);
        }
        List<String> prompts = IntStream.range(0, SAMPLES)
                .mapToObj(i -> data.texts(DataSplit.Part.VALIDATION)
                        .get(i
                                * SAMPLE_STRIDE
                                % data.texts(DataSplit.Part.VALIDATION).size()))
                .map(written -> WriterInstructions.prompt(written.post(), Options.DEFAULT)
                        .text())
                .toList();
        LanguageHistory history = LanguageTraining.train(
                train, validation, prompts, samples, shape, List.of(size, levelShare), options, out, progress);
        try (TextTokenizer tokenizer = tokenizer(shape, out)) {
            List<int[]> posts = data.texts(DataSplit.Part.TRAIN).stream()
                    .map(written -> tokenizer.encode(written.text(), false))
                    .toList();
            generation(shape, posts, out);
            if (forbidden > 0) {
                NgramIndex.write(out.resolve(NgramIndex.FILE), forbidden, posts);
            } else {
                Files.deleteIfExists(out.resolve(NgramIndex.FILE));
            }
        }
        InferenceOptions inference = WriterEvaluation.INFERENCE.withThreads(options.threads());
        LevelCalibrator.calibrate(out, data, inference, progress);
        try (WriterEvaluation evaluation =
                WriterEvaluation.of(out, labeled, unlabeled, evaluated, inference, progress)) {
            Outcome outcome = new Outcome(history, evaluation.report(source));
            new WriterCard(this, shape, data, outcome).write(out);
            return outcome;
        }
    }

    private LlamaShape fromScratch(int vocabulary) {
        return LlamaShape.small(vocabulary, size.dim(), size.layers(), options.maxTokens(), TOKENS);
    }

    private int vocabulary(WriterInstructions train, Path out) throws IOException {
        List<String> texts = IntStream.range(0, train.size())
                .mapToObj(i -> train.get(i, 0))
                .flatMap(instruction -> Stream.of(instruction.prompt(), instruction.answer()))
                .toList();
        return BytePairTrainer.train(texts, size.vocabulary(), SPECIALS, out);
    }

    private TextTokenizer tokenizer(LlamaShape shape, Path out) {
        Path folder = options.lora().isPresent() ? options.base().orElseThrow() : out;
        return TextTokenizer.open(folder, shape.vocabulary(), Integer.MAX_VALUE);
    }

    /**
     * How the model is to be decoded: {@code generation_config.json}. A small model hardly knows when a post is over, so no
     * post is shorter than a quarter of those that it learnt from.
     *
     * @param posts as tokens
     */
    private static void generation(LlamaShape shape, List<int[]> posts, Path out) throws IOException {
        int[] lengths = posts.stream().mapToInt(post -> post.length).sorted().toArray();
        ObjectNode config = JSON.createObjectNode();
        config.put("bos_token_id", shape.tokens().start())
                .put("eos_token_id", shape.tokens().end());
        config.put("pad_token_id", shape.tokens().padding());
        config.put("min_new_tokens", lengths[lengths.length / 4]);
        config.put("max_new_tokens", lengths[lengths.length * 95 / 100] + 1);
        config.put("do_sample", true).put("temperature", SAMPLING.temperature());
        config.put("top_k", SAMPLING.topK()).put("top_p", SAMPLING.topP());
        Files.writeString(
                out.resolve("generation_config.json"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n");
    }
}
