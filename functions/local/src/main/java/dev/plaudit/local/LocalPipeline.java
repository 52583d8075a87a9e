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
import dev.plaudit.gateway.Judge;
import dev.plaudit.gateway.JudgedPost;
import dev.plaudit.gateway.Optimizer;
import dev.plaudit.generate.GenerateConfig;
import dev.plaudit.generate.GenerateFunction;
import dev.plaudit.generate.PostWriter;
import dev.plaudit.inference.Resources;
import dev.plaudit.media.MediaConfig;
import dev.plaudit.ocr.OcrConfig;
import dev.plaudit.ocr.OcrFunction;
import dev.plaudit.ocr.SightReader;
import dev.plaudit.prompt.PromptConfig;
import dev.plaudit.prompt.PromptFunction;
import dev.plaudit.prompt.PromptWriter;
import dev.plaudit.regress.LikesRegressor;
import dev.plaudit.regress.RegressConfig;
import dev.plaudit.regress.RegressFunction;
import dev.plaudit.training.behavior.SplitChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The chains for the command line: the same functions as in {@code plaudit serve}, wired without an application
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

    private LocalPipeline(Set<Step> steps, Settings settings, Resources opened) {
        models = opened;
        bucketModel = settings.of(ClassifyConfig.class).model();
        likesModel = settings.of(RegressConfig.class).model();
        Map<Step, LocalStepCaller.Function> functions = new EnumMap<>(Step.class);
        steps.forEach(step -> functions.put(step, function(step, settings)));
        chain = new Chain(new LocalStepCaller(functions));
    }

    private LocalStepCaller.Function function(Step step, Settings settings) {
        MediaConfig media = settings.of(MediaConfig.class);
        return switch (step) {
            case CAPTION ->
                LocalStepCaller.Function.of(new CaptionFunction(
                        models.add(PictureCaptioner.open(settings.of(CaptionConfig.class), media)))::caption);
            case OCR ->
                LocalStepCaller.Function.of(
                        new OcrFunction(models.add(SightReader.open(settings.of(OcrConfig.class), media)))::read);
            case PROMPT ->
                LocalStepCaller.Function.of(
                        new PromptFunction(PromptWriter.of(settings.of(PromptConfig.class)))::prompt);
            case CLASSIFY ->
                LocalStepCaller.Function.of(new ClassifyFunction(
                        models.add(BucketClassifier.open(settings.of(ClassifyConfig.class))))::classify);
            case REGRESS ->
                LocalStepCaller.Function.of(new RegressFunction(models.add(LikesRegressor.open(likesModel)))::regress);
            case GENERATE ->
                new GenerateFunction(models.add(PostWriter.open(settings.of(GenerateConfig.class))))::answer;
            case GATEWAY -> throw new IllegalArgumentException("the gateway is no step on the way");
        };
    }

    /**
     * Opens what scoring takes.
     *
     * @param looks whether media that nobody described are looked at; if not, they are passed over
     */
    static LocalPipeline toScore(boolean looks) {
        return open(looks, EnumSet.of(Step.CAPTION), EnumSet.of(Step.PROMPT, Step.CLASSIFY, Step.REGRESS));
    }

    /** Opens what writing takes. */
    static LocalPipeline toWrite(boolean looks) {
        return open(looks, EnumSet.of(Step.CAPTION, Step.OCR), EnumSet.of(Step.PROMPT, Step.GENERATE));
    }

    /** Opens what writing and scoring take. */
    static LocalPipeline toOptimize(boolean looks) {
        return open(
                looks,
                EnumSet.of(Step.CAPTION, Step.OCR),
                EnumSet.of(Step.PROMPT, Step.GENERATE, Step.CLASSIFY, Step.REGRESS));
    }

    /** Opens what telling like levels takes. */
    static LocalPipeline toJudge(boolean looks) {
        return open(
                looks, EnumSet.of(Step.CAPTION), EnumSet.of(Step.PROMPT, Step.GENERATE, Step.CLASSIFY, Step.REGRESS));
    }

    private static LocalPipeline open(boolean looks, Set<Step> toLook, Set<Step> always) {
        Set<Step> steps = EnumSet.copyOf(always);
        if (looks) {
            steps.addAll(toLook);
        }
        Resources opened = new Resources();
        try {
            return new LocalPipeline(steps, Settings.read(), opened);
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

    Simulation write(Post post, Options options) {
        return chain.run(Simulation.content(post, options));
    }

    /** Writes drafts, scores each, and puts the best first. */
    Simulation optimize(Post post, Options options) {
        try {
            return new Optimizer(chain, PARALLEL_POSTS).optimize(post, options);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Tells a like level, and why. */
    JudgedPost judge(Post post) {
        return new Judge(chain).judge(post);
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
