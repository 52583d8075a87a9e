package dev.plaudit.training.language;

import ai.djl.Device;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plaudit.training.Progress;
import dev.plaudit.training.language.LanguageHistory.Round;
import dev.plaudit.training.language.LlamaShape.Weight;
import dev.plaudit.training.language.TokenBatch.Sequence;
import dev.plaudit.training.torch.AdamW;
import dev.plaudit.training.torch.CosineSchedule;
import dev.plaudit.training.torch.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Trains a Llama, or an adapter of one, on instructions: AdamW on the cross entropy of the answers' tokens, a cosine
 * schedule with warm-up, and the round that is best on the instructions to choose by is kept. The same instructions,
 * options and number of threads give the same weights, unless time runs out.
 */
final class LanguageTrainer implements AutoCloseable {
    private static final int VALIDATION_BATCH = 32;

    /** Sequences of like length share a batch; among so many batches they are sorted. */
    private static final int SORTED_BATCHES = 24;

    private static final long STEP_SEED = 1_000_003;
    private static final int SCHEDULE_STEPS = 1_000_000;
    private static final int SAMPLE_TOKENS = 60;
    private static final double SAMPLE_TEMPERATURE = 0.7;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Instructions train;
    private final LlamaShape shape;
    private final Object recipe;
    private final LanguageTrainingOptions options;
    private final List<String> samplePrompts;
    private final Consumer<String> samples;
    private final Path out;
    private final Progress progress;
    private final HuggingFaceTokenizer tokenizer;
    private final NDManager manager;
    private final Llama model;
    private final AdamW adamW;
    private final CosineSchedule schedule;
    private final List<TokenBatch> validation;
    private final List<Round> rounds = new ArrayList<>();
    private final int batches;
    private int best = -1;
    private int epoch = -1;
    private List<List<Sequence>> ofEpoch = List.of();

    /**
     * A training that has not begun.
     *
     * @param samplePrompts are answered after every round
     * @param samples is told prompts with their answers
     * @param out holds {@code tokenizer.json} of the shape's vocabulary
     */
    LanguageTrainer(
            Instructions train,
            Instructions validation,
            List<String> samplePrompts,
            Consumer<String> samples,
            LlamaShape shape,
            Object recipe,
            LanguageTrainingOptions options,
            Path out,
            Progress progress)
            throws IOException {
        this.train = train;
        this.shape = shape;
        this.recipe = recipe;
        this.options = options;
        this.samplePrompts = samplePrompts;
        this.samples = samples;
        this.out = out;
        this.progress = progress;
        this.tokenizer = HuggingFaceTokenizer.newInstance(out.resolve("tokenizer.json"));
        this.manager = NDManager.newBaseManager(Device.cpu(), PtEngine.ENGINE_NAME);
        JniUtils.setNumThreads(options.threads());
        this.model = new Llama(
                manager,
                shape,
                options.base()
                        .map(base -> LlamaWeights.read(shape, base))
                        .orElseGet(() -> LlamaWeights.random(shape, options.seed())),
                options.maxTokens(),
                options.lora(),
                options.lora().map(lora -> lora.random(shape, options.seed())).orElse(List.of()));
        this.adamW = new AdamW(
                manager,
                model.learning(),
                decayed(),
                new AdamW.Settings(0.9, 0.98, 1e-8, options.weightDecay(), options.clipNorm(), options.averageDecay()));
        this.schedule = new CosineSchedule(
                options.learningRate(), Math.round(SCHEDULE_STEPS * options.warmUp()), SCHEDULE_STEPS);
        this.validation = chunks(sequences(validation, 0), VALIDATION_BATCH).stream()
                .map(chunk -> TokenBatch.of(chunk, shape.tokens().padding()))
                .toList();
        this.batches = Math.ceilDiv(train.size(), options.batchSize());
    }

    private boolean[] decayed() {
        List<Weight> layout = model.learningLayout();
        boolean[] decayed = new boolean[layout.size()];
        for (int i = 0; i < decayed.length; i++) {
            decayed[i] = layout.get(i).isMatrix();
        }
        return decayed;
    }

    private List<Sequence> sequences(Instructions instructions, int epoch) {
        return IntStream.range(0, instructions.size())
                .mapToObj(i -> sequence(instructions.get(i, epoch)))
                .toList();
    }

    /** Start, prompt, answer, end. */
    private Sequence sequence(Instruction instruction) {
        long[] answer = tokenizer.encode(instruction.answer(), false, false).getIds();
        int said = Math.min(answer.length, options.maxTokens() / 2) + 1;
        long[] prompt = prompt(instruction.prompt(), options.maxTokens() + 1 - said);
        long[] ids = new long[prompt.length + said];
        System.arraycopy(prompt, 0, ids, 0, prompt.length);
        System.arraycopy(answer, 0, ids, prompt.length, said - 1);
        ids[ids.length - 1] = shape.tokens().end();
        return new Sequence(ids, prompt.length);
    }

    private long[] prompt(String text, int most) {
        long[] tokens = tokenizer.encode(text, false, false).getIds();
        int kept = Math.min(tokens.length, most - 1);
        long[] ids = new long[kept + 1];
        ids[0] = shape.tokens().start();
        System.arraycopy(tokens, tokens.length - kept, ids, 1, kept);
        return ids;
    }

    private static <T> List<List<T>> chunks(List<T> all, int size) {
        return IntStream.range(0, Math.ceilDiv(all.size(), size))
                .mapToObj(i -> all.subList(i * size, Math.min(all.size(), (i + 1) * size)))
                .toList();
    }

    LanguageHistory run() throws IOException {
        if (options.resume()) {
            TrainingState.read(out, settings()).ifPresent(this::restore);
        }
        while (done(elapsed()) < 1 && rounds.size() - 1 - best < options.patience()) {
            rounds.add(round());
            if (best < 0 || rounds.getLast().validationLoss() < rounds.get(best).validationLoss()) {
                best = rounds.size() - 1;
                write();
            }
            history().write(out.resolve("training.json"));
            LanguageCurve.write(history(), out.resolve("learning-curve.png"));
            TrainingState.write(out, settings(), JSON.writeValueAsString(history()), model.learning(), adamW);
            sample();
        }
        return history();
    }

    /** What decides on the result but for the time, of which there may be more when a training goes on. */
    private String settings() {
        LanguageTrainingOptions o = options;
        return List.of(
                        shape,
                        recipe,
                        train.size(),
                        validation.size(),
                        o.epochs(),
                        o.batchSize(),
                        o.maxTokens(),
                        o.learningRate(),
                        o.warmUp(),
                        o.weightDecay(),
                        o.clipNorm(),
                        o.averageDecay(),
                        o.dropout(),
                        o.round(),
                        o.patience(),
                        o.seed(),
                        o.base(),
                        o.lora())
                .toString();
    }

    private void restore(TrainingState state) {
        try {
            LanguageHistory history = JSON.readValue(state.history(), LanguageHistory.class);
            rounds.addAll(history.rounds());
            best = history.best();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        state.restore(model.learning(), adamW);
    }

    private LanguageHistory history() {
        long learning = model.learningLayout().stream().mapToLong(Weight::size).sum();
        long adapters = options.lora().isPresent() ? learning : 0;
        return new LanguageHistory(shape.parameters() + adapters, learning, best, rounds);
    }

    private NDList averages() {
        return adamW.averages().isEmpty() ? model.learning() : adamW.averages();
    }

    private void write() throws IOException {
        List<float[]> values =
                averages().stream().map(array -> array.toFloatArray()).toList();
        Files.createDirectories(out);
        if (options.lora().isPresent()) {
            options.lora().get().write(shape, values, options.base().orElseThrow(), out);
        } else {
            LlamaWeights.write(shape, values, out);
        }
    }

    private double elapsed() {
        return rounds.isEmpty() ? 0 : rounds.getLast().seconds();
    }

    /** Which part of the training is over: by its steps or, if they come too slowly, by its time. */
    private double done(double seconds) {
        double steps = (double) adamW.steps() / ((long) batches * options.epochs());
        return Math.min(1, Math.max(steps, seconds * 1e9 / options.atMost().toNanos()));
    }

    private Round round() {
        long start = System.nanoTime();
        double before = elapsed();
        double loss = 0;
        double norm = 0;
        int steps = 0;
        double now = before;
        while (steps < options.round() && (steps == 0 || done(now) < 1)) {
            long step = adamW.steps();
            JniUtils.setSeed(options.seed() * STEP_SEED + step);
            try (NDManager scratch = manager.newSubManager()) {
                TokenBatch batch = TokenBatch.of(batch(step), shape.tokens().padding());
                Llama.Lesson lesson = model.learn(scratch, batch, options.dropout());
                double rate = schedule.at(Math.max(1, Math.round(done(now) * SCHEDULE_STEPS)));
                norm += adamW.update(lesson.gradients(), rate);
                loss += lesson.loss();
            }
            steps++;
            now = before + (System.nanoTime() - start) / 1e9;
            report(loss / steps, now);
        }
        double validated = validate();
        return new Round(
                adamW.steps(),
                (double) adamW.steps() / batches,
                loss / steps,
                validated,
                norm / steps,
                before + (System.nanoTime() - start) / 1e9);
    }

    /** The sequences of a step, which follow from the seed and its number. */
    private List<Sequence> batch(long step) {
        int wanted = (int) (step / batches);
        if (wanted != epoch) {
            ofEpoch = shuffled(sequences(train, wanted), new Random(options.seed() * STEP_SEED - wanted));
            epoch = wanted;
        }
        return ofEpoch.get((int) (step % batches));
    }

    private List<List<Sequence>> shuffled(List<Sequence> sequences, Random random) {
        List<Sequence> order = new ArrayList<>(sequences);
        Collections.shuffle(order, random);
        List<List<Sequence>> all = new ArrayList<>();
        for (List<Sequence> near : chunks(order, SORTED_BATCHES * options.batchSize())) {
            List<Sequence> sorted = new ArrayList<>(near);
            sorted.sort(Comparator.comparingInt(sequence -> sequence.ids().length));
            all.addAll(chunks(sorted, options.batchSize()));
        }
        Collections.shuffle(all, random);
        return all;
    }

    private double validate() {
        double loss = 0;
        long tokens = 0;
        try (NDManager scratch = manager.newSubManager()) {
            NDList whole = model.whole(scratch, averages());
            for (TokenBatch batch : validation) {
                loss += (double) model.loss(batch, whole) * batch.targets().length;
                tokens += batch.targets().length;
            }
        }
        return loss / tokens;
    }

    private void sample() {
        Random random = new Random(options.seed());
        try (NDManager scratch = manager.newSubManager()) {
            NDList whole = model.whole(scratch, averages());
            for (String prompt : samplePrompts) {
                long[] told = prompt(prompt, options.maxTokens() / 2);
                int most = Math.min(SAMPLE_TOKENS, options.maxTokens() - told.length);
                long[] said =
                        Sampling.answer(model, whole, told, most, shape.tokens().end(), SAMPLE_TEMPERATURE, random);
                samples.accept(prompt + tokenizer.decode(said, true));
            }
        }
    }

    private void report(double loss, double seconds) {
        double done = done(seconds);
        Duration left = Duration.ofSeconds(Math.round(seconds / done * (1 - done)));
        String best = this.best < 0
                ? ""
                : ", best perplexity %.1f".formatted(rounds.get(this.best).perplexity());
        progress.update(
                "Training the writer",
                done,
                "step %,d, loss %.3f%s, about %d:%02d left"
                        .formatted(adamW.steps(), loss, best, left.toMinutes(), left.toSecondsPart()));
    }

    @Override
    public void close() {
        tokenizer.close();
        adamW.close();
        model.close();
        manager.close();
    }
}
