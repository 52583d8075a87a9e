package dev.plaudit.regress;

import dev.plaudit.events.Classification;
import dev.plaudit.events.Driver;
import dev.plaudit.events.Engagement;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.LikeBucket;
import dev.plaudit.events.Simulation;
import dev.plaudit.features.PostFeatures;
import dev.plaudit.trees.Contributions;
import dev.plaudit.trees.Estimate;
import dev.plaudit.trees.LikesModel;
import dev.plaudit.trees.TreeModelException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Tells the likes of a classified post by the regressors of a likes model. Thread-safe; closing waits for the calls in
 * hand.
 */
public final class LikesRegressor implements AutoCloseable {
    /** A driver that moves the likes by less than one percent is none. */
    private static final double NEGLIGIBLE = Math.log(1.01);

    private final LikesModel model;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private LikesRegressor(LikesModel model) {
        this.model = model;
    }

    /**
     * Opens a model folder and warms it up.
     *
     * @throws TreeModelException when the folder cannot be used, or was trained on other features than
     *     {@link PostFeatures} or other buckets than {@link LikeBucket}
     */
    public static LikesRegressor open(Path folder) {
        LikesModel model = LikesModel.open(folder);
        try {
            model.requireFeatures(PostFeatures.NAMES, model.embeddingSize());
            model.requireBuckets(
                    Arrays.stream(LikeBucket.values()).map(LikeBucket::low).toList());
            double[] even = new double[LikeBucket.COUNT];
            Arrays.fill(even, 1.0 / LikeBucket.COUNT);
            model.estimate(new float[PostFeatures.NAMES.size()], new float[model.embeddingSize()], even);
        } catch (TreeModelException e) {
            model.close();
            throw e;
        }
        return new LikesRegressor(model);
    }

    /** @throws IllegalStateException when this regressor is closed */
    Engagement estimate(Simulation simulation) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the likes model is closed");
            }
            return engagement(simulation);
        } finally {
            lock.readLock().unlock();
        }
    }

    private Engagement engagement(Simulation simulation) {
        Classification classification = simulation.classification();
        if (classification == null) {
            throw new InvalidFieldException("classification", "is missing");
        }
        float[] embedding = classification.embedding().values();
        if (embedding.length != model.embeddingSize()) {
            throw new InvalidFieldException(
                    "classification.embedding",
                    "must have " + model.embeddingSize() + " values, has " + embedding.length
                            + ": the likes model was trained with another classifier");
        }
        float[] features = PostFeatures.of(simulation.post(), simulation.sights());
        Estimate estimate = model.estimate(features, embedding, array(classification.probabilities()));
        LikeBucket bucket = LikeBucket.ofNumber(estimate.bucket());
        List<Driver> drivers =
                simulation.options().explain() ? drivers(features, embedding, classification, estimate) : List.of();
        return new Engagement(
                bucket,
                classification.probabilities(),
                estimate.likes(),
                estimate.low(),
                estimate.high(),
                bucket.level(),
                drivers);
    }

    private List<Driver> drivers(
            float[] features, float[] embedding, Classification classification, Estimate estimate) {
        Stream<Driver> prompt = classification.omissions().stream().map(omission -> {
            Estimate without = model.estimate(features, embedding, array(omission.probabilities()));
            return driver(omission.part(), Driver.Source.PROMPT, estimate.expectedLog() - without.expectedLog());
        });
        Contributions shap = model.explain(features, embedding, array(classification.probabilities()));
        Stream<Driver> trees = IntStream.range(0, shap.names().size())
                .mapToObj(i -> driver(shap.names().get(i), Driver.Source.FEATURE, shap.values()[i]));
        return Stream.concat(prompt, trees)
                .filter(driver -> Math.abs(Math.log(driver.effect())) >= NEGLIGIBLE)
                .sorted(Comparator.comparingDouble(driver -> -Math.abs(Math.log(driver.effect()))))
                .toList();
    }

    /** An effect on log1p(likes) as a factor on the likes. */
    private static Driver driver(String name, Driver.Source source, double effect) {
        return new Driver(name, source, Math.exp(effect));
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Frees the regressors, once the calls in hand have ended; calling it again does nothing. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                model.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
