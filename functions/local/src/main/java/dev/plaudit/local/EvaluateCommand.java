package dev.plaudit.local;

import dev.plaudit.caption.CaptionConfig;
import dev.plaudit.caption.PictureCaptioner;
import dev.plaudit.events.Engagement;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.generate.GenerateConfig;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.blip2.Blip2Captioner;
import dev.plaudit.ocr.OcrConfig;
import dev.plaudit.ocr.TextReader;
import dev.plaudit.training.behavior.BehaviorEvaluation;
import dev.plaudit.training.behavior.SplitChoice;
import dev.plaudit.training.caption.CaptionEvaluation;
import dev.plaudit.training.evaluation.CaptionMetrics;
import dev.plaudit.training.evaluation.EvaluationReport;
import dev.plaudit.training.evaluation.WritingReport;
import dev.plaudit.training.pictures.PictureRenderer;
import dev.plaudit.training.pictures.Split;
import dev.plaudit.training.writer.WriterEvaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plaudit evaluate}: how good the models are on posts that they have not seen. */
@Command(
        name = "evaluate",
        description = {
            "Measure the models on the posts that they have not seen, beside baselines.",
            "Give the very data that they were trained on: the models' own split.json says which posts were held back.",
            "Captions and the text on pictures are measured on pictures that the command draws itself, without any data."
        },
        footer = {
            "  plaudit evaluate --data posts.csv.gz --html report.html",
            "  plaudit evaluate --data posts.csv.gz --bucket-model my/bucket \\",
            "    --likes-model my/likes --json",
            "  plaudit evaluate --task caption --pictures 1000",
            "  plaudit evaluate --task ocr --pictures 500",
            "  plaudit evaluate --task content --data posts.csv.gz --post-model my/post"
        })
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions models;

    private enum Task {
        BEHAVIOR("--data", "--html", "--bucket-model", "--likes-model"),
        CAPTION("--pictures", "--caption-model"),
        CONTENT("--data", "--html", "--post-model", "--precision", "--posts"),
        OCR("--pictures");

        private final Set<String> heeded;

        Task(String... own) {
            this.heeded = Stream.concat(Stream.of("--task", "--json"), Stream.of(own))
                    .collect(Collectors.toUnmodifiableSet());
        }

        /** The name on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--task",
            defaultValue = "behavior",
            description =
                    "What to measure: likes (behavior), captions (caption), written posts (content) or the text on pictures"
                            + " (ocr). Default: ${DEFAULT-VALUE}.")
    private Task task;

    @Option(
            names = "--pictures",
            defaultValue = "500",
            paramLabel = "N",
            description = "How many pictures to draw. Default: ${DEFAULT-VALUE}.")
    private int pictures;

    @Option(names = "--data", arity = "1..*", paramLabel = "FILE", description = TrainCommand.DATA)
    private List<Path> data = List.of();

    @Option(
            names = "--post-model",
            paramLabel = "FOLDER",
            description = "The writer to measure; without it, the one that the settings name.")
    private Path postModel;

    @Option(
            names = "--precision",
            defaultValue = "fp32",
            description = "Of the writer's weights: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Precision precision;

    @Option(
            names = "--posts",
            defaultValue = "500",
            paramLabel = "N",
            description = "How many unseen posts to write. Default: ${DEFAULT-VALUE}.")
    private int posts;

    @Option(names = "--html", paramLabel = "FILE", description = "Also write a page with plots.")
    private Path html;

    @Option(names = "--json", description = "Print JSON in place of the table.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        IdleOptions.refuseAllBut(spec, task.heeded, "--task " + task);
        switch (task) {
            case BEHAVIOR -> evaluateBehavior();
            case CAPTION -> evaluateCaptions();
            case CONTENT -> evaluateWriting();
            case OCR -> evaluateReading();
        }
        return 0;
    }

    private void evaluateReading() {
        requirePictures();
        try (TextReader reader = TextReader.open(Settings.read().of(OcrConfig.class))) {
            ReadingEvaluation evaluation = ReadingEvaluation.of(reader, pictures);
            spec.commandLine().getOut().println(json ? SimulationJson.write(evaluation) : evaluation.text());
        }
    }

    private void evaluateCaptions() {
        requirePictures();
        PictureRenderer renderer = new PictureRenderer();
        try (Blip2Captioner captioner = PictureCaptioner.model(Settings.read().of(CaptionConfig.class));
                ConsoleProgress progress = new ConsoleProgress()) {
            CaptionEvaluation evaluation = CaptionEvaluation.of(
                    captioner, number -> renderer.render(Split.VALIDATION, number), pictures, progress);
            progress.close();
            spec.commandLine().getOut().println(json ? SimulationJson.write(evaluation) : text(evaluation));
        }
    }

    private static String text(CaptionEvaluation evaluation) {
        CaptionMetrics metrics = evaluation.metrics();
        return """
                Captions of %d held-out pictures drawn for it (%d cores)
                  main object named             %6.1f %%
                  its colour named              %6.1f %%
                  BLEU-4                        %6.1f
                  CIDEr-D                       %6.2f
                  time of a picture, median     %6.1f ms""".formatted(
                        metrics.pictures(),
                        Runtime.getRuntime().availableProcessors(),
                        100 * metrics.subjectNamed(),
                        100 * metrics.colorNamed(),
                        metrics.bleu4(),
                        metrics.ciderD(),
                        evaluation.medianMillis());
    }

    private void requirePictures() {
        if (pictures < 1) {
            throw new IllegalArgumentException("--pictures must be at least 1, was " + pictures);
        }
    }

    private LabeledFiles files() throws IOException {
        if (data.isEmpty()) {
            throw new IllegalArgumentException("--data is missing: the posts to measure on");
        }
        return LabeledFiles.read(data);
    }

    private void evaluateWriting() throws IOException {
        LabeledFiles files = files();
        try (ConsoleProgress progress = new ConsoleProgress();
                WriterEvaluation evaluation = WriterEvaluation.of(
                        postModel == null
                                ? Settings.read().of(GenerateConfig.class).model()
                                : postModel,
                        files.labeled(),
                        files.unlabeled(),
                        posts,
                        WriterEvaluation.INFERENCE.withPrecision(precision),
                        progress)) {
            WritingReport report = evaluation.report(files.source(data));
            progress.close();
            spec.commandLine().getOut().println(json ? report.json() : report.text());
            if (html != null) {
                Files.writeString(html, report.html());
            }
        }
    }

    private void evaluateBehavior() throws IOException {
        LabeledFiles files = files();
        try (LocalPipeline pipeline = LocalPipeline.toScore(false);
                ConsoleProgress progress = new ConsoleProgress()) {
            SplitChoice choice = pipeline.splitOfModels();
            files.tellLeftOut(choice, spec.commandLine().getErr());
            List<EvaluationReport.Split> splits = BehaviorEvaluation.evaluate(
                    files.labeled(), choice, posts -> engagements(pipeline, posts), progress);
            progress.close();
            EvaluationReport report = new EvaluationReport(
                    "Behavior simulation on unseen posts",
                    pipeline.describeModels(),
                    "%,d posts of %s"
                            .formatted(
                                    files.labeled().size(),
                                    data.stream().map(Path::getFileName).toList()),
                    "%d cores, %s".formatted(Runtime.getRuntime().availableProcessors(), System.getProperty("os.arch")),
                    choice.seed(),
                    splits);
            spec.commandLine().getOut().println(json ? report.json() : report.text());
            if (html != null) {
                Files.writeString(html, report.html());
            }
        }
    }

    private static List<Engagement> engagements(LocalPipeline pipeline, List<Post> posts) {
        return pipeline.score(posts, Options.DEFAULT).stream()
                .map(EvaluateCommand::engagement)
                .toList();
    }

    private static Engagement engagement(Simulation scored) {
        if (scored.problem() != null) {
            throw new IllegalArgumentException(scored.problem().detail());
        }
        return scored.engagement();
    }
}
