package dev.plaudit.classify;

import dev.plaudit.events.Classification;
import dev.plaudit.events.Classification.Omission;
import dev.plaudit.events.Embedding;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.LikeBucket;
import dev.plaudit.events.Prompt;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.inference.Batcher;
import dev.plaudit.inference.Device;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.classification.TextClass;
import dev.plaudit.inference.classification.TextClassifier;
import io.micrometer.core.instrument.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/** Tells the like bucket of a prompt by a text classifier; concurrent prompts share a batch. Thread-safe. */
public final class BucketClassifier implements AutoCloseable {
    private final TextClassifier model;
    private final Batcher<String, TextClass> batcher;

    private BucketClassifier(TextClassifier model, ClassifyConfig config) {
        this.model = model;
        this.batcher = new Batcher<>(this::run, config.batchWindow(), config.maxBatch(), config.maxQueue());
    }

    private List<TextClass> run(List<String> texts) {
        Metrics.summary("plaudit.batch.size", "step", Step.CLASSIFY.function()).record(texts.size());
        return model.classify(texts);
    }

    /**
     * Opens the model that the settings name and warms it up.
     *
     * @throws ModelException when the folder cannot be used, or tells anything but seven labels apart
     */
    public static BucketClassifier open(ClassifyConfig config) {
        TextClassifier model = TextClassifier.open(
                config.model(),
                new InferenceOptions(
                        config.precision(),
                        config.threads().orElse(Runtime.getRuntime().availableProcessors()),
                        config.spinning(),
                        config.maxTokens(),
                        Device.CPU));
        try {
            if (model.labels().size() != LikeBucket.COUNT) {
                throw new ModelException("the classifier in " + config.model() + " must tell " + LikeBucket.COUNT
                        + " like buckets apart, but has " + model.labels().size() + " labels");
            }
            model.classify(List.of("warm up"));
            return new BucketClassifier(model, config);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** Where the model runs. */
    public String device() {
        return model.device();
    }

    /** How many prompts wait for a run of the model. */
    int waiting() {
        return batcher.waiting();
    }

    Classification classify(Simulation simulation) {
        Prompt prompt = simulation.prompt();
        if (prompt == null) {
            throw new InvalidFieldException("prompt", "is missing");
        }
        List<String> texts = new ArrayList<>(List.of(prompt.text()));
        if (simulation.options().explain()) {
            prompt.parts().forEach(part -> texts.add(prompt.without(part)));
        }
        List<TextClass> classes = classify(texts);
        TextClass whole = classes.getFirst();
        List<Omission> omissions = IntStream.range(1, classes.size())
                .mapToObj(i -> new Omission(prompt.parts().get(i - 1).name(), probabilities(classes.get(i))))
                .toList();
        LikeBucket bucket = mostProbable(whole.probabilities());
        return new Classification(
                bucket, probabilities(whole), bucket.level(), Embedding.of(whole.embedding()), omissions);
    }

    private List<TextClass> classify(List<String> texts) {
        List<CompletableFuture<TextClass>> answers =
                texts.stream().map(batcher::submitAsync).toList();
        try {
            List<TextClass> classes = new ArrayList<>();
            for (CompletableFuture<TextClass> answer : answers) {
                classes.add(answer.get());
            }
            return classes;
        } catch (InterruptedException e) {
            answers.forEach(answer -> answer.cancel(false));
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the classifier", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the classifier failed", e.getCause());
        }
    }

    private static LikeBucket mostProbable(float[] probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            if (probabilities[i] > probabilities[best]) {
                best = i;
            }
        }
        return LikeBucket.ofNumber(best + 1);
    }

    /** Six digits: more would only make the event longer. */
    private static List<Double> probabilities(TextClass textClass) {
        return IntStream.range(0, LikeBucket.COUNT)
                .mapToObj(i -> Math.round(textClass.probabilities()[i] * 1e6) / 1e6)
                .toList();
    }

    /** Finishes what is in hand, then frees the model. */
    @Override
    public void close() {
        batcher.close();
        model.close();
    }
}
