package dev.plaudit.training.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtEngine;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.classification.TextClass;
import dev.plaudit.inference.classification.TextClassifier;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.training.Progress;
import dev.plaudit.training.Snapshot;
import dev.plaudit.training.text.TrainingHistory.Epoch;
import dev.plaudit.training.torch.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistilBertTrainerTest {
    private static final Progress SILENT = (_, _, _) -> {};
    private static final String RECIPE = "colours";
    private static final Toy TRAIN = Toy.of(300, 1);
    private static final Toy VALIDATION = Toy.of(60, 2);

    @TempDir
    static Path tokenizer;

    @TempDir
    Path folder;

    private static int vocabulary;

    @BeforeAll
    static void learnVocabulary() throws IOException {
        vocabulary = WordPieceTrainer.train(TRAIN.texts(), 100, Toy.LABELS, tokenizer);
    }

    private static TextTrainingOptions.Builder options(int epochs) {
        return TextTrainingOptions.builder()
                .epochs(epochs)
                .patience(epochs)
                .batchSize(8)
                .learningRate(3e-3);
    }

    private static TrainingHistory train(Path out, double dropout, TextTrainingOptions options) throws IOException {
        DistilBertShape shape = Toy.shape(vocabulary, dropout);
        return DistilBertTrainer.train(TRAIN, VALIDATION, tokenizer, shape, RECIPE, options, out, SILENT);
    }

    @Test
    void learnsToTellColoursAndWritesWhatItLearned() throws IOException {
        List<Double> progress = new ArrayList<>();
        TrainingHistory history = DistilBertTrainer.train(
                TRAIN,
                VALIDATION,
                tokenizer,
                Toy.shape(vocabulary, 0.1),
                RECIPE,
                options(10).averageDecay(0.99).build(),
                folder,
                (_, fraction, _) -> progress.add(fraction));

        assertThat(history.bestEpoch().validationAccuracy()).isGreaterThan(0.95);
        assertThat(history.epochs().getLast().loss())
                .isLessThan(history.epochs().getFirst().loss());
        assertThat(progress).isSorted().endsWith(1.0);
        assertThat(ImageIO.read(folder.resolve("learning-curve.png").toFile()).getWidth())
                .isGreaterThan(1000);
        assertThat(folder)
                .isDirectoryContaining("glob:**/config.json")
                .isDirectoryContaining("glob:**/tokenizer.json")
                .isDirectoryContaining("glob:**/tokenizer_config.json")
                .isDirectoryContaining("glob:**/training.json");
        try (TextClassifier classifier = TextClassifier.open(folder, InferenceOptions.DEFAULT)) {
            assertThat(classifier.labels()).isEqualTo(Toy.LABELS);
            assertThat(right(classifier.classify(VALIDATION.texts())))
                    .isEqualTo(history.bestEpoch().validationAccuracy(), within(1e-9));
        }
    }

    private static double right(List<TextClass> classes) {
        int right = 0;
        for (int i = 0; i < classes.size(); i++) {
            float[] p = classes.get(i).probabilities();
            int label = VALIDATION.labels().get(i);
            right += p[label] > p[(label + 1) % 3] && p[label] > p[(label + 2) % 3] ? 1 : 0;
        }
        return (double) right / classes.size();
    }

    @Test
    void onnxRuntimeGivesTheLogitsOfTheTrainer() throws IOException {
        train(folder, 0.1, options(1).build());
        DistilBertShape shape = Toy.shape(vocabulary, 0.1);
        List<String> texts = VALIDATION.texts().subList(0, 20);
        List<long[]> tokens = new ArrayList<>();
        try (HuggingFaceTokenizer words = HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"))) {
            for (Encoding encoding : words.batchEncode(texts)) {
                tokens.add(encoding.getIds());
            }
        }
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), PtEngine.ENGINE_NAME);
                DistilBert model = new DistilBert(manager, shape, DistilBertWeights.read(shape, folder, 0));
                TextClassifier classifier = TextClassifier.open(folder, InferenceOptions.DEFAULT)) {
            List<TextClass> classes = classifier.classify(texts);
            for (Batches.Batch batch : new Batches(tokens).sorted(7)) {
                float[][] logits = model.logits(batch, model.weights());
                for (int i = 0; i < logits.length; i++) {
                    assertThat(classes.get(batch.rows()[i]).logits()).containsExactly(logits[i], within(1e-3f));
                }
            }
        }
    }

    @Test
    void goesOnAfterABreakAsIfNothingHadHappened() throws IOException {
        Path whole = folder.resolve("whole");
        Path broken = folder.resolve("broken");
        TrainingHistory expected =
                train(whole, 0.2, options(4).averageDecay(0.9).build());

        Progress interrupting = (_, fraction, _) -> {
            if (fraction > 0.6) {
                throw new IllegalStateException("the machine went down");
            }
        };
        DistilBertShape shape = Toy.shape(vocabulary, 0.2);
        TextTrainingOptions options = options(4).averageDecay(0.9).resume(true).build();
        assertThatThrownBy(() -> DistilBertTrainer.train(
                        TRAIN, VALIDATION, tokenizer, shape, RECIPE, options, broken, interrupting))
                .hasMessage("the machine went down");
        TrainingHistory resumed = train(broken, 0.2, options);

        assertThat(figures(resumed)).isEqualTo(figures(expected)).hasSize(4);
        assertThat(broken.resolve(SafeTensors.FILE)).hasSameBinaryContentAs(whole.resolve(SafeTensors.FILE));
        assertThat(broken.resolve(TrainingState.FILE))
                .satisfies(file -> assertThat(weights(file)).isEqualTo(weights(whole.resolve(TrainingState.FILE))));
    }

    private static List<List<Double>> figures(TrainingHistory history) {
        Function<Epoch, List<Double>> figures = epoch -> List.of(
                epoch.loss(),
                epoch.accuracy(),
                epoch.validationLoss(),
                epoch.validationAccuracy(),
                epoch.gradientNorm());
        return history.epochs().stream().map(figures).toList();
    }

    private static List<List<Float>> weights(Path file) {
        try (SafeTensors tensors = SafeTensors.open(file)) {
            List<List<Float>> weights = new ArrayList<>();
            for (String name : tensors.names()) {
                List<Float> values = new ArrayList<>();
                for (float value : tensors.floats(name)) {
                    values.add(value);
                }
                weights.add(values);
            }
            return weights;
        }
    }

    @Test
    void refusesToGoOnWithOtherSettings() throws IOException {
        train(folder, 0.1, options(1).build());
        Snapshot trained = Snapshot.of(folder);
        assertThatThrownBy(() -> train(folder, 0.2, options(1).resume(true).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other settings");
        assertThat(Snapshot.of(folder)).isEqualTo(trained);
    }

    @Test
    void stopsWhenValidationGetsNoBetter() throws IOException {
        TextTrainingOptions options = options(30).patience(2).build();
        TrainingHistory history = train(folder, 0.1, options);
        assertThat(history.epochs()).hasSizeLessThan(30).hasSize(history.best() + 2);
    }

    @Test
    void startsFromACheckpointAndWritesHalfPrecision() throws IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        double learned = train(first, 0.1, options(6).build()).bestEpoch().validationAccuracy();
        DistilBertShape shape = DistilBertShape.read(first, Toy.LABELS);
        TextTrainingOptions options =
                options(1).learningRate(1e-6).start(first).halfPrecision(true).build();
        TrainingHistory history =
                DistilBertTrainer.train(TRAIN, VALIDATION, first, shape, RECIPE, options, second, SILENT);

        assertThat(history.bestEpoch().validationAccuracy()).isCloseTo(learned, within(0.02));
        try (SafeTensors weights = SafeTensors.open(second)) {
            assertThat(weights.tensor("classifier.weight").dtype()).isEqualTo(DType.F16);
        }
    }

    @Test
    void aCheckpointWithoutATokenizerIsRefusedThoughAnotherLiesInTheFolder() throws IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        train(first, 0.1, options(1).build());
        train(second, 0.1, options(1).build());
        Files.delete(first.resolve("tokenizer.json"));

        TextTrainingOptions options = options(1).start(first).build();
        assertThatThrownBy(() -> DistilBertTrainer.train(
                        TRAIN, VALIDATION, first, Toy.shape(vocabulary, 0.1), RECIPE, options, second, SILENT))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(first.resolve("tokenizer.json").toString());
    }

    @Test
    void aSoftTargetIsWhatTheClassifierComesToAnswer() throws IOException {
        Examples same = new Examples() {
            @Override
            public int size() {
                return 32;
            }

            @Override
            public String text(int index, int epoch) {
                return "a new car";
            }

            @Override
            public float[] target(int index) {
                return new float[] {0.2f, 0.7f, 0.1f};
            }
        };
        DistilBertTrainer.train(
                same,
                same,
                tokenizer,
                Toy.shape(vocabulary, 0),
                RECIPE,
                options(20).selection(TextTrainingOptions.Selection.LOSS).build(),
                folder,
                SILENT);
        try (TextClassifier classifier = TextClassifier.open(folder, InferenceOptions.DEFAULT)) {
            float[] probabilities =
                    classifier.classify(List.of("a new car")).getFirst().probabilities();
            assertThat(probabilities).containsExactly(new float[] {0.2f, 0.7f, 0.1f}, within(0.02f));
        }
    }

    @Test
    void refusesATargetThatDoesNotFitTheLabels() {
        DistilBertShape shape = new DistilBertShape(vocabulary, 16, 1, 2, 32, 16, 0, 0, 0, List.of("yes", "no"));
        assertThatThrownBy(() -> DistilBertTrainer.train(
                        TRAIN, VALIDATION, tokenizer, shape, RECIPE, options(1).build(), folder, SILENT))
                .hasMessage("The target of example 0 has 3 probabilities for 2 labels.");
    }

    @Test
    void writesTheConfigurationThatHuggingFaceReads() throws IOException {
        Toy.shape(vocabulary, 0.1).write(folder);
        assertThat(Files.readString(folder.resolve("config.json")))
                .contains("\"DistilBertForSequenceClassification\"", "\"model_type\" : \"distilbert\"", "\"blue\" : 2");
        assertThat(DistilBertShape.read(folder, Toy.LABELS)).isEqualTo(Toy.shape(vocabulary, 0.1));
    }
}
