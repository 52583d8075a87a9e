package dev.plaudit.local;

import dev.plaudit.caption.CaptionConfig;
import dev.plaudit.caption.CaptionFunction;
import dev.plaudit.caption.PictureCaptioner;
import dev.plaudit.classify.BucketClassifier;
import dev.plaudit.classify.ClassifyConfig;
import dev.plaudit.classify.ClassifyFunction;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.gateway.Chain;
import dev.plaudit.inference.Resources;
import dev.plaudit.media.MediaConfig;
import dev.plaudit.prompt.PromptConfig;
import dev.plaudit.prompt.PromptFunction;
import dev.plaudit.prompt.PromptWriter;
import dev.plaudit.regress.LikesRegressor;
import dev.plaudit.regress.RegressConfig;
import dev.plaudit.regress.RegressFunction;
import dev.plaudit.training.behavior.SplitChoice;
import io.quarkus.funqy.knative.events.CloudEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The behavior chain for the command line: the same functions as in {@code plaudit serve}, wired without an application
 * server, so that a command starts in a moment. Settings come from where they always do: system properties and
 * environment variables ({@code PLAUDIT_CLASSIFY_MODEL}, …). Thread-safe.
 */
final class LocalPipeline implements AutoCloseable {
    /** Two full batches of the classifier: one that runs, one that gathers. */
    private static final int PARALLEL_POSTS = 64;

    private final Resources models;
    private final Path bucketModel;
    private final Path likesModel;
    private final Chain chain;

    private LocalPipeline(boolean looks, Settings settings, Resources opened) {
        models = opened;
        ClassifyConfig classify = settings.of(ClassifyConfig.class);
        bucketModel = classify.model();
        likesModel = settings.of(RegressConfig.class).model();
        PromptFunction prompt = new PromptFunction(PromptWriter.of(settings.of(PromptConfig.class)));
        ClassifyFunction classifier = new ClassifyFunction(opened.add(BucketClassifier.open(classify)));
        RegressFunction regressor = new RegressFunction(opened.add(LikesRegressor.open(likesModel)));
        Map<Step, UnaryOperator<CloudEvent<Simulation>>> functions = new EnumMap<>(Map.of(
                Step.PROMPT, prompt::prompt,
                Step.CLASSIFY, classifier::classify,
                Step.REGRESS, regressor::regress));
        if (looks) {
            PictureCaptioner captioner =
                    opened.add(PictureCaptioner.open(settings.of(CaptionConfig.class), settings.of(MediaConfig.class)));
            functions.put(Step.CAPTION, new CaptionFunction(captioner)::caption);
        }
        chain = new Chain(new LocalStepCaller(functions));
    }

    /**
     * Opens the models that the settings name.
     *
     * @param looks whether media that nobody described are looked at; if not, they are passed over
     */
    static LocalPipeline open(boolean looks) {
        Resources opened = new Resources();
        try {
            return new LocalPipeline(looks, Settings.read(), opened);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    Simulation score(Post post, Options options) {
        return chain.run(Simulation.behavior(post, options));
    }

    /** Scores posts side by side, so that they share batches; in the order they came. */
    List<Simulation> score(List<Post> posts, Options options) {
        try {
            return chain.run(
                    posts.stream()
                            .map(post -> Simulation.behavior(post, options))
                            .toList(),
                    PARALLEL_POSTS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /**
     * Which posts the two models have not seen.
     *
     * @throws IOException when they do not say so, or were trained on different splits
     */
    SplitChoice splitOfModels() throws IOException {
        SplitChoice bucket = SplitChoice.read(bucketModel);
        SplitChoice likes = SplitChoice.read(likesModel);
        if (!bucket.equals(likes)) {
            throw new IOException("the bucket classifier was trained with the split " + bucket
                    + ", the likes model with " + likes + ": there may be no post that neither has seen");
        }
        return bucket;
    }

    /** The models' folders, for a report. */
    String describeModels() {
        return bucketModel + " and " + likesModel;
    }

    @Override
    public void close() {
        models.close();
    }
}
