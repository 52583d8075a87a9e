package dev.plaudit.training.text;

import ai.djl.Device;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.jni.JniUtils;
import dev.plaudit.training.Progress;
import dev.plaudit.training.text.Batches.Batch;
import dev.plaudit.training.text.TrainingHistory.Epoch;
import dev.plaudit.training.torch.AdamW;
import dev.plaudit.training.torch.CosineSchedule;
import dev.plaudit.training.torch.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Trains a DistilBERT text classifier: AdamW on the cross entropy, a cosine schedule with warm-up, dropout, early
 * stopping on validation examples. The same examples, options and number of threads give the same weights.
 */
public final class DistilBertTrainer implements AutoCloseable {
    private static final int VALIDATION_BATCH = 128;
    private static final int TOKENISED_AT_ONCE = 1000;

    private final Examples train;
    private final TextTrainingOptions options;
    private final Path out;
    private final Progress progress;
    private final NDManager manager;
    private final HuggingFaceTokenizer tokenizer;
    private final DistilBertShape shape;
    private final DistilBert model;
    private final AdamW adamW;
    private final float[][] targets;
    private final float[][] validationTargets;
    private final List<Batch> validationBatches;
    private final CosineSchedule schedule;
    private final String settings;
    private final List<Epoch> epochs = new ArrayList<>();
    private int best;

    /**
     * Trains, and writes a folder in the Hugging Face layout: {@code config.json}, {@code tokenizer.json},
     * {@code tokenizer_config.json} and {@code model.safetensors} of the best epoch, beside {@code training.json},
     * {@code learning-curve.png} and {@code checkpoint.safetensors}, from which a training that was broken off goes on.
     *
     * @param train to learn from
     * @param validation to choose the best epoch by
     * @param tokenizerFolder holds {@code tokenizer.json}; may be {@code out}; not used by a training that goes on
     * @param shape of the model; its vocabulary must be the tokenizer's
     * @param recipe of the examples and the tokenizer, in words, to be compared when a training goes on
     * @param out created if need be
     * @throws IllegalArgumentException if a target does not fit the labels, or a start checkpoint not the shape
     * @throws IllegalArgumentException if the checkpoint to resume from was written with other settings
     */
    public static TrainingHistory train(
            Examples train,
            Examples validation,
            Path tokenizerFolder,
            DistilBertShape shape,
            Object recipe,
            TextTrainingOptions options,
            Path out,
            Progress progress)
            throws IOException {
        if (!options.resume() || !TrainingState.isIn(out)) {
            begin(tokenizerFolder, shape, out);
        }
        try (DistilBertTrainer trainer =
                new DistilBertTrainer(train, validation, shape, recipe, options, out, progress)) {
            return trainer.run();
        }
    }

    private static void begin(Path tokenizerFolder, DistilBertShape shape, Path out) throws IOException {
        Files.createDirectories(out);
        if (!Files.isSameFile(tokenizerFolder, out)) {
            copy(tokenizerFolder.resolve("tokenizer.json"), out);
            Path config = tokenizerFolder.resolve("tokenizer_config.json");
            if (Files.exists(config)) {
                copy(config, out);
            }
        }
        shape.write(out);
    }

    private static void copy(Path file, Path folder) throws IOException {
        Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }

    private DistilBertTrainer(
            Examples train,
            Examples validation,
            DistilBertShape shape,
            Object recipe,
            TextTrainingOptions options,
            Path out,
            Progress progress)
            throws IOException {
        this.train = train;
        this.shape = shape;
        this.options = options;
        this.out = out;
        this.progress = progress;
        this.tokenizer = HuggingFaceTokenizer.builder()
                .optTokenizerPath(out.resolve("tokenizer.json"))
                .optTruncation(true)
                .optMaxLength(shape.positions())
                .optPadding(false)
                .build();
        this.manager = NDManager.newBaseManager(Device.cpu(), PtEngine.ENGINE_NAME);
        JniUtils.setNumThreads(options.threads());
        List<float[]> weights = options.start()
                .map(start -> DistilBertWeights.read(shape, start, options.seed()))
                .orElseGet(() -> DistilBertWeights.random(shape, options.seed()));
        this.model = new DistilBert(manager, shape, weights);
        this.adamW = new AdamW(
                manager,
                model.weights(),
                decayed(shape, options),
                new AdamW.Settings(
                        0.9, 0.999, 1e-8, options.weightDecay(), options.clipNorm(), options.averageDecay()));
        this.targets = targets(train, shape);
        this.validationTargets = targets(validation, shape);
        this.validationBatches = new Batches(tokens(validation, 0)).sorted(VALIDATION_BATCH);
        long steps = (long) options.epochs() * Math.ceilDiv(train.size(), options.batchSize());
        this.schedule = new CosineSchedule(options.learningRate(), Math.round(steps * options.warmUp()), steps);
        this.settings = settings(recipe);
    }

    private static boolean[] decayed(DistilBertShape shape, TextTrainingOptions options) {
        List<DistilBertShape.Weight> layout = shape.weights();
        boolean[] decayed = new boolean[layout.size()];
        for (int i = 0; i < decayed.length; i++) {
            decayed[i] = layout.get(i).isMatrix()
                    && (options.decayEmbeddings() || !layout.get(i).isEmbedding());
        }
        return decayed;
    }

    private static float[][] targets(Examples examples, DistilBertShape shape) {
        float[][] targets = new float[examples.size()][];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = examples.target(i);
            if (targets[i].length != shape.labels().size()) {
                throw new IllegalArgumentException("The target of example " + i + " has " + targets[i].length
                        + " probabilities for " + shape.labels().size() + " labels.");
            }
        }
        return targets;
    }

    /** What decides on the result, to be compared when a training goes on. */
    private String settings(Object recipe) {
        TextTrainingOptions o = options;
        return List.of(
                        shape,
                        recipe,
                        train.size(),
                        validationTargets.length,
                        o.epochs(),
                        o.batchSize(),
                        o.learningRate(),
                        o.warmUp(),
                        o.weightDecay(),
                        o.decayEmbeddings(),
                        o.clipNorm(),
                        o.averageDecay(),
                        o.selection(),
                        o.seed(),
                        o.start())
                .toString();
    }

    private List<long[]> tokens(Examples examples, int epoch) {
        List<long[]> tokens = new ArrayList<>(examples.size());
        List<String> texts = new ArrayList<>(TOKENISED_AT_ONCE);
        for (int i = 0; i < examples.size(); i++) {
            texts.add(examples.text(i, epoch));
            if (texts.size() == TOKENISED_AT_ONCE || i == examples.size() - 1) {
                for (Encoding encoding : tokenizer.batchEncode(texts)) {
                    tokens.add(encoding.getIds());
                }
                texts.clear();
            }
        }
        return tokens;
    }

    private TrainingHistory run() throws IOException {
        if (options.resume()) {
            Optional<TrainingState> state = TrainingState.read(out, settings);
            if (state.isPresent()) {
                restore(state.get());
            }
        }
        int first = epochs.size() + 1;
        for (int epoch = first; epoch <= options.epochs() && epoch - best <= options.patience(); epoch++) {
            epochs.add(epoch(epoch));
            TrainingState.write(out, settings, history().json(), model.weights(), adamW);
        }
        TrainingHistory history = history();
        history.write(out.resolve("training.json"));
        LearningCurve.write(history, out.resolve("learning-curve.png"));
        return history;
    }

    private void restore(TrainingState state) throws IOException {
        TrainingHistory history = TrainingHistory.of(state.history());
        epochs.addAll(history.epochs());
        best = history.best();
        state.restore(model.weights(), adamW);
    }

    private TrainingHistory history() {
        long parameters =
                shape.weights().stream().mapToLong(DistilBertShape.Weight::size).sum();
        return new TrainingHistory(parameters, best, epochs);
    }

    private Epoch epoch(int number) throws IOException {
        long start = System.nanoTime();
        long seed = options.seed() * 1_000_003 + number;
        JniUtils.setSeed(seed);
        List<Batch> batches = new Batches(tokens(train, number - 1)).shuffled(options.batchSize(), new Random(seed));
        Score learned = new Score();
        double norms = 0;
        long firstStep = System.nanoTime();
        for (int i = 0; i < batches.size(); i++) {
            norms += step(batches.get(i), learned);
            report(number, i + 1, batches.size(), learned, System.nanoTime() - firstStep);
        }
        Score validated = validate(model.weights());
        boolean averaged = false;
        if (!adamW.averages().isEmpty()) {
            Score smooth = validate(adamW.averages());
            averaged = smooth.betterThan(validated, options.selection());
            validated = averaged ? smooth : validated;
        }
        Epoch epoch = new Epoch(
                number,
                learned.loss(),
                learned.accuracy(),
                validated.loss(),
                validated.accuracy(),
                averaged,
                norms / batches.size(),
                (System.nanoTime() - start) / 1e9);
        keepIfBest(epoch);
        return epoch;
    }

    private double step(Batch batch, Score learned) {
        try (NDManager scratch = manager.newSubManager()) {
            float[][] batchTargets = select(targets, batch.rows());
            DistilBert.Lesson lesson = model.learn(scratch, batch, batchTargets);
            learned.add(lesson.logits(), batchTargets, lesson.loss());
            return adamW.update(lesson.gradients(), schedule.at(adamW.steps() + 1));
        }
    }

    private Score validate(NDList weights) {
        Score score = new Score();
        for (Batch batch : validationBatches) {
            score.add(model.logits(batch, weights), select(validationTargets, batch.rows()));
        }
        return score;
    }

    private static float[][] select(float[][] targets, int[] rows) {
        return Arrays.stream(rows).mapToObj(row -> targets[row]).toArray(float[][]::new);
    }

    private void keepIfBest(Epoch epoch) throws IOException {
        boolean better = best == 0
                || switch (options.selection()) {
                    case ACCURACY ->
                        epoch.validationAccuracy() > epochs.get(best - 1).validationAccuracy();
                    case LOSS -> epoch.validationLoss() < epochs.get(best - 1).validationLoss();
                };
        if (better) {
            best = epoch.number();
            NDList weights = epoch.averaged() ? adamW.averages() : model.weights();
            DistilBertWeights.write(shape, weights, out, options.halfPrecision());
        }
    }

    private void report(int epoch, int step, int steps, Score learned, long nanos) {
        double done = (epoch - 1 + (double) step / steps) / options.epochs();
        double left = nanos / 1e9 / step * ((double) steps * (options.epochs() - epoch + 1) - step);
        progress.update(
                "Training the text classifier",
                done,
                "epoch %d of %d, loss %.3f, accuracy %.3f, at most %d:%02d left"
                        .formatted(
                                epoch,
                                options.epochs(),
                                learned.loss(),
                                learned.accuracy(),
                                (int) left / 60,
                                (int) left % 60));
    }

    @Override
    public void close() {
        tokenizer.close();
        adamW.close();
        model.close();
        manager.close();
    }
}
