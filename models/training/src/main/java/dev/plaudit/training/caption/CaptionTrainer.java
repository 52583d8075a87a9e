package dev.plaudit.training.caption;

import ai.djl.Device;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.jni.JniUtils;
import dev.plaudit.training.Progress;
import dev.plaudit.training.caption.Blip2Shape.Weight;
import dev.plaudit.training.caption.CaptionHistory.Round;
import dev.plaudit.training.caption.PicturePool.Entry;
import dev.plaudit.training.caption.PictureTensor.Warp;
import dev.plaudit.training.evaluation.CaptionMetrics;
import dev.plaudit.training.torch.AdamW;
import dev.plaudit.training.torch.CosineSchedule;
import dev.plaudit.training.torch.Muon;
import dev.plaudit.training.torch.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Trains a BLIP-2 from end to end on the cross entropy of the captions, by Muon for the matrices and AdamW for the rest,
 * with warm-up and a cosine schedule. Lest the eye stays shut for long, linear heads answer questions for subject, colour
 * and place: at first these alone, then beside the captions, fading out. The same pictures, options and number of threads
 * give the same weights, unless time runs out before the steps.
 */
final class CaptionTrainer implements AutoCloseable {
    private static final int VALIDATION_BATCH = 64;
    private static final long STEP_SEED = 1_000_003;
    private static final double MOMENTUM = 0.95;
    private static final double WEIGHT_DECAY = 0.02;
    private static final double CLIP_NORM = 1;

    /** Which part of the training the learning rate rises. */
    private static final double WARM_UP = 0.04;

    private final CaptionTrainingOptions options;
    private final Blip2Shape shape;
    private final PicturePool pool;
    private final List<Entry> validation;
    private final Path out;
    private final Progress progress;
    private final HuggingFaceTokenizer tokenizer;
    private final NDManager manager;
    private final Blip2 model;
    private final List<Integer> matrices;
    private final Muon muon;
    private final AdamW adamW;
    private final long[] halved;
    private final CosineSchedule schedule;
    private final Map<String, Integer> subjects;
    private final Map<String, Integer> colors;
    private final String settings;
    private final List<Round> rounds = new ArrayList<>();

    /**
     * A training that has not begun.
     *
     * @param pool to learn from
     * @param validation to measure on
     * @param out holds {@code tokenizer.json} of the shape's vocabulary
     */
    CaptionTrainer(
            PicturePool pool,
            List<Entry> validation,
            Blip2Shape shape,
            CaptionTrainingOptions options,
            Path out,
            Progress progress)
            throws IOException {
        this.pool = pool;
        this.validation = validation;
        this.shape = shape;
        this.options = options;
        this.out = out;
        this.progress = progress;
        this.subjects = indices(Entry::subject);
        this.colors = indices(Entry::color);
        this.tokenizer = HuggingFaceTokenizer.newInstance(out.resolve("tokenizer.json"));
        this.manager = NDManager.newBaseManager(Device.cpu(), PtEngine.ENGINE_NAME);
        JniUtils.setNumThreads(options.threads());
        List<Weight> layout = layout();
        this.model = new Blip2(manager, shape, layout, Blip2Weights.random(shape, layout, options.seed()));
        this.matrices = IntStream.range(0, layout.size())
                .filter(i -> layout.get(i).multiplies() && layout.get(i).decays())
                .boxed()
                .toList();
        this.muon = new Muon(manager, matrices(model.weights()), MOMENTUM);
        this.adamW = new AdamW(
                manager,
                model.weights(),
                decayed(layout),
                new AdamW.Settings(0.9, 0.98, 1e-8, WEIGHT_DECAY, CLIP_NORM, options.averageDecay()));
        this.halved = layout.stream()
                .mapToLong(weight -> options.mixedPrecision() && weight.multiplies() ? 1 : 0)
                .toArray();
        this.schedule =
                new CosineSchedule(options.learningRate(), Math.round(options.steps() * WARM_UP), options.steps());
        this.settings = settings();
    }

    private NDList matrices(NDList of) {
        NDList matrices = new NDList();
        this.matrices.forEach(i -> matrices.add(of.get(i)));
        return matrices;
    }

    private Map<String, Integer> indices(Function<Entry, String> label) {
        SequencedSet<String> labels = new LinkedHashSet<>();
        for (int i = 0; i < options.firstPictures(); i++) {
            labels.add(label.apply(pool.get(i)));
        }
        Map<String, Integer> indices = new HashMap<>();
        labels.forEach(name -> indices.put(name, indices.size()));
        return indices;
    }

    /** The model's weights, then the heads' that answer questions. */
    private List<Weight> layout() {
        List<Weight> layout = new ArrayList<>(shape.weights());
        int eye = shape.vision().dim();
        int told = shape.language().dim();
        Blip2Shape.linear(layout, "question.picture.subject", subjects.size(), eye);
        Blip2Shape.linear(layout, "question.picture.color", colors.size(), eye);
        Blip2Shape.linear(layout, "question.query.subject", subjects.size(), told);
        Blip2Shape.linear(layout, "question.query.color", colors.size(), told);
        Blip2Shape.linear(layout, "question.patch.cover", Blip2.CELLS, eye);
        return layout;
    }

    private static boolean[] decayed(List<Weight> layout) {
        boolean[] decayed = new boolean[layout.size()];
        for (int i = 0; i < decayed.length; i++) {
            decayed[i] = layout.get(i).decays();
        }
        return decayed;
    }

    /** What decides on the result, to be compared when a training goes on. */
    private String settings() {
        CaptionTrainingOptions o = options;
        return List.of(
                        shape,
                        validation.size(),
                        o.steps(),
                        o.atMost(),
                        o.batchSize(),
                        o.pictures(),
                        o.firstPictures(),
                        o.freshShare(),
                        o.vocabulary(),
                        o.learningRate(),
                        o.averageDecay(),
                        o.questions(),
                        o.looking(),
                        o.shift(),
                        o.round(),
                        o.mixedPrecision(),
                        o.seed())
                .toString();
    }

    CaptionHistory run() throws IOException {
        if (options.resume()) {
            Optional<TrainingState> state = TrainingState.read(out, settings);
            if (state.isPresent()) {
                restore(state.get());
            }
        }
        while (done(elapsed()) < 1) {
            rounds.add(round());
            CaptionHistory history = history();
            Blip2Weights.write(shape, averages(), out);
            history.write(out.resolve("training.json"));
            CaptionCurve.write(history, out.resolve("learning-curve.png"));
            TrainingState.write(out, settings, history.json(), state(), adamW);
        }
        return history();
    }

    private void restore(TrainingState state) throws IOException {
        rounds.addAll(CaptionHistory.of(state.history()).rounds());
        state.restore(state(), adamW);
    }

    /** What the optimiser changes and does not keep itself: the weights, then Muon's momenta. */
    private NDList state() {
        NDList state = new NDList(model.weights());
        state.addAll(muon.momenta());
        return state;
    }

    private CaptionHistory history() {
        long parameters = shape.weights().stream().mapToLong(Weight::size).sum();
        return new CaptionHistory(parameters, rounds);
    }

    private NDList averages() {
        return adamW.averages().isEmpty() ? model.weights() : adamW.averages();
    }

    private double elapsed() {
        return rounds.isEmpty() ? 0 : rounds.getLast().seconds();
    }

    /** Which part of the training is over: by its steps or, if they come too slowly, by its time. */
    private double done(double seconds) {
        double time = seconds * 1e9 / options.atMost().toNanos();
        return Math.min(1, Math.max((double) adamW.steps() / options.steps(), time));
    }

    /** Sums over the steps of a round. */
    private static final class Sums {
        private int steps;
        private long subjects;
        private long colors;
        private double loss;
        private double norm;
        private final long[] right = new long[2];
    }

    private Round round() {
        long start = System.nanoTime();
        double before = elapsed();
        Sums sums = new Sums();
        while (sums.steps < options.round()) {
            double now = before + (System.nanoTime() - start) / 1e9;
            double done = done(now);
            if (done >= 1 && sums.steps > 0) {
                break;
            }
            step(done, sums);
            report(sums, before + (System.nanoTime() - start) / 1e9);
        }
        Validated validated = validate(done(before + (System.nanoTime() - start) / 1e9) < options.looking());
        return new Round(
                adamW.steps(),
                sums.loss / sums.steps,
                (double) sums.right[0] / sums.subjects,
                (double) sums.right[1] / sums.colors,
                validated.subjectSeen(),
                validated.colorSeen(),
                validated.loss(),
                validated.subjectNamed(),
                validated.colorNamed(),
                sums.norm / sums.steps,
                before + (System.nanoTime() - start) / 1e9);
    }

    private void step(double done, Sums sums) {
        Random random = new Random(options.seed() * STEP_SEED + adamW.steps());
        List<Entry> entries = Arrays.stream(choose(random)).mapToObj(pool::get).toList();
        List<Warp> warps = Stream.generate(() -> Warp.random(shape.image(), options.shift(), random))
                .limit(entries.size())
                .toList();
        boolean looking = done < options.looking();
        Blip2.Questions questions = new Blip2.Questions(
                labels(entries, Entry::subject, subjects),
                labels(entries, Entry::color, colors),
                cover(entries, warps),
                looking ? 1 : options.questions() * (1 - 0.9 * done),
                looking ? 0 : 1);
        try (NDManager scratch = manager.newSubManager()) {
            Blip2.Lesson lesson = model.learn(scratch, batch(entries, warps), questions, halved);
            long virtual = Math.max(adamW.steps() + 1, Math.round(done * options.steps()));
            double rate = schedule.at(virtual);
            muon.update(matrices(lesson.gradients()), rate);
            sums.norm += adamW.update(lesson.gradients(), rate);
            sums.loss += lesson.loss();
            sums.steps++;
            sums.subjects += Blip2.Questions.asked(questions.subjects());
            sums.colors += Blip2.Questions.asked(questions.colors());
            for (int i = 0; i < sums.right.length; i++) {
                sums.right[i] += lesson.right()[i];
            }
        }
    }

    /** Numbers of a step's pictures: some that no step before it saw, then some that were made before. */
    private int[] choose(Random random) {
        int made = options.picturesIn(adamW.steps());
        int[] numbers = new int[options.batchSize()];
        for (int i = 0; i < numbers.length; i++) {
            boolean isFresh = i < options.fresh() && made + i < pool.size();
            numbers[i] = isFresh ? made + i : random.nextInt(made);
        }
        return numbers;
    }

    private static long[] labels(List<Entry> entries, Function<Entry, String> label, Map<String, Integer> indices) {
        return entries.stream()
                .mapToLong(entry -> indices.getOrDefault(label.apply(entry), -100))
                .toArray();
    }

    private Blip2.Batch batch(List<Entry> entries, List<Warp> warps) {
        int plane = shape.image() * shape.image();
        float[] pixels = new float[entries.size() * 3 * plane];
        List<long[]> tokens = new ArrayList<>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            PictureTensor.put(entry.planes(), warps.get(i), pixels, i * 3 * plane);
            tokens.add(tokens(entries.get(i).caption()));
        }
        return new Blip2.Batch(pixels, tokens);
    }

    private float[] cover(List<Entry> entries, List<Warp> warps) {
        int size = shape.patches() * Blip2.CELLS;
        float[] cover = new float[entries.size() * size];
        for (int i = 0; i < entries.size(); i++) {
            PictureTensor.cover(
                    entries.get(i).silhouette(), shape.image(), shape.patch(), warps.get(i), cover, i * size);
        }
        return cover;
    }

    private long[] tokens(String caption) {
        long[] ids = tokenizer.encode(caption, false, false).getIds();
        return Arrays.copyOf(ids, Math.min(ids.length, shape.captionTokens() - 1));
    }

    /** What the averaged weights make of unseen pictures; no captions while only the eye learns. */
    private record Validated(
            double loss, double subjectSeen, double colorSeen, double subjectNamed, double colorNamed) {}

    private Validated validate(boolean looking) {
        double loss = 0;
        long[] seen = new long[2];
        List<String> captions = new ArrayList<>();
        for (int from = 0; from < validation.size(); from += VALIDATION_BATCH) {
            List<Entry> entries = validation.subList(from, Math.min(from + VALIDATION_BATCH, validation.size()));
            Blip2.Batch batch = batch(entries, Collections.nCopies(entries.size(), Warp.none(shape.image())));
            loss += model.loss(batch, averages()) * entries.size();
            long[] right = model.answer(
                    batch,
                    labels(entries, Entry::subject, subjects),
                    labels(entries, Entry::color, colors),
                    averages());
            seen[0] += right[0];
            seen[1] += right[1];
            if (!looking) {
                for (long[] said : model.say(batch.pixels(), averages(), Math.min(30, shape.captionTokens()))) {
                    captions.add(tokenizer.decode(said, true).strip());
                }
            }
        }
        int pictures = validation.size();
        Optional<CaptionMetrics> metrics = captions.isEmpty() ? Optional.empty() : Optional.of(metrics(captions));
        return new Validated(
                loss / pictures,
                (double) seen[0] / pictures,
                (double) seen[1] / pictures,
                metrics.map(CaptionMetrics::subjectNamed).orElse(0.0),
                metrics.map(CaptionMetrics::colorNamed).orElse(0.0));
    }

    private CaptionMetrics metrics(List<String> captions) {
        return CaptionMetrics.of(
                captions,
                validation.stream().map(Entry::captions).toList(),
                validation.stream().map(Entry::subject).toList(),
                validation.stream().map(Entry::color).toList());
    }

    private void report(Sums sums, double seconds) {
        double done = done(seconds);
        Duration left = Duration.ofSeconds(Math.round(seconds / done * (1 - done)));
        progress.update(
                "Training the captioner",
                done,
                "step %,d, loss %.3f, subject %.3f, colour %.3f, about %d:%02d left"
                        .formatted(
                                adamW.steps(),
                                sums.loss / sums.steps,
                                (double) sums.right[0] / sums.subjects,
                                (double) sums.right[1] / sums.colors,
                                left.toMinutes(),
                                left.toSecondsPart()));
    }

    @Override
    public void close() {
        tokenizer.close();
        adamW.close();
        muon.close();
        model.close();
        manager.close();
    }
}
