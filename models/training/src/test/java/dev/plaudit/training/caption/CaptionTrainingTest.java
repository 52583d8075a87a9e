package dev.plaudit.training.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtEngine;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.blip2.Blip2Captioner;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.training.Progress;
import dev.plaudit.training.Snapshot;
import dev.plaudit.training.caption.Blip2Shape.Weight;
import dev.plaudit.training.caption.CaptionHistory.Round;
import dev.plaudit.training.caption.PicturePool.Entry;
import dev.plaudit.training.pictures.RenderedPicture;
import dev.plaudit.training.torch.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CaptionTrainingTest {
    private static final Progress SILENT = (_, _, _) -> {};

    @TempDir
    Path folder;

    private static CaptionHistory train(CaptionTrainingOptions options, Path out, Progress progress)
            throws IOException {
        return new CaptionTraining(ToyPictures::picture, ToyPictures::picture, options)
                .train(ToyPictures::shape, out, progress)
                .history();
    }

    @Test
    void aTinyShapeLearnsTwentyCaptionsByHeartAndTheRealCaptionerSaysThem() throws IOException {
        CaptionHistory history = train(ToyPictures.options(300).round(100).build(), folder, SILENT);

        Round last = history.rounds().getLast();
        assertThat(last.loss()).isLessThan(0.1);
        assertThat(last.validationLoss()).isLessThan(0.1);
        assertThat(last.subjectNamed()).isEqualTo(1);
        assertThat(last.colorNamed()).isEqualTo(1);
        assertThat(last.pictureColor()).isGreaterThan(0.9);
        try (Blip2Captioner captioner = Blip2Captioner.open(folder, "", InferenceOptions.DEFAULT.withThreads(1))) {
            for (int i = 0; i < 20; i++) {
                RenderedPicture picture = ToyPictures.picture(i);
                assertThat(captioner.caption(List.of(captioner.pixelValues(picture.image()))))
                        .containsExactly(picture.caption());
            }
        }
        assertThat(folder)
                .isDirectoryContaining("glob:**/config.json")
                .isDirectoryContaining("glob:**/generation_config.json")
                .isDirectoryContaining("glob:**/preprocessor_config.json")
                .isDirectoryContaining("glob:**/tokenizer.json")
                .isDirectoryContaining("glob:**/training.json")
                .isDirectoryContaining("glob:**/learning-curve.png")
                .isDirectoryContaining("glob:**/MODEL_CARD.md");
    }

    @Test
    void theCardCountsThePicturesThatWereLearntFrom() throws IOException {
        train(ToyPictures.options(2).pictures(20, 5).build(), folder, SILENT);

        assertThat(folder.resolve("MODEL_CARD.md")).content().contains("| different pictures to learn from | 7 |");
    }

    @Test
    void whatIsWrittenIsHuggingFacesLayout() throws IOException {
        train(ToyPictures.options(2).build(), folder, SILENT);

        try (SafeTensors weights = SafeTensors.open(folder)) {
            assertThat(weights.names())
                    .contains(
                            "vision_model.embeddings.class_embedding",
                            "vision_model.encoder.layers.1.self_attn.qkv.bias",
                            "query_tokens",
                            "qformer.encoder.layer.0.crossattention.attention.query.weight",
                            "language_projection.weight",
                            "language_model.model.decoder.embed_positions.weight")
                    .doesNotContain("qformer.encoder.layer.1.crossattention.attention.query.weight")
                    .noneMatch(name -> name.startsWith("question."));
            assertThat(weights.tensor("query_tokens").dtype()).isEqualTo(DType.F16);
            assertThat(weights.tensor("language_model.model.decoder.embed_positions.weight")
                            .shape())
                    .containsExactly(34, 24);
        }
    }

    @Test
    void goesOnAfterABreakAsIfNothingHadHappened() throws IOException {
        Path whole = folder.resolve("whole");
        Path broken = folder.resolve("broken");
        CaptionTrainingOptions options = ToyPictures.options(40)
                .pictures(60, 10)
                .round(10)
                .shift(2)
                .mixedPrecision(true)
                .resume(true)
                .build();
        CaptionHistory expected = train(options, whole, SILENT);

        Progress interrupting = (stage, fraction, _) -> {
            if (stage.startsWith("Training") && fraction > 0.6) {
                throw new IllegalStateException("the machine went down");
            }
        };
        assertThatThrownBy(() -> train(options, broken, interrupting)).hasMessage("the machine went down");
        CaptionHistory resumed = train(options, broken, SILENT);

        assertThat(figures(resumed)).isEqualTo(figures(expected)).hasSize(4);
        assertThat(broken.resolve(SafeTensors.FILE)).hasSameBinaryContentAs(whole.resolve(SafeTensors.FILE));
    }

    @Test
    void aRoundWhoseModelCouldNotBeWrittenIsDoneAgain() throws IOException {
        CaptionTrainingOptions options = ToyPictures.options(3).resume(true).build();
        Path weights = folder.resolve(SafeTensors.FILE);
        Progress inItsWay = (_, _, _) -> weights.toFile().mkdir();
        assertThatThrownBy(() -> train(options, folder, inItsWay)).isInstanceOf(IOException.class);
        Files.delete(weights);

        train(options, folder, SILENT);

        assertThat(weights).isRegularFile();
    }

    private static List<List<Double>> figures(CaptionHistory history) {
        Function<Round, List<Double>> figures =
                round -> List.of((double) round.step(), round.loss(), round.validationLoss(), round.gradientNorm());
        return history.rounds().stream().map(figures).toList();
    }

    @Test
    void refusesToGoOnWithOtherSettings() throws IOException {
        train(ToyPictures.options(3).build(), folder, SILENT);
        Snapshot trained = Snapshot.of(folder);
        assertThatThrownBy(() -> train(
                        ToyPictures.options(3).pictures(20, 1).resume(true).build(), folder, SILENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other settings");
        assertThatThrownBy(() -> train(
                        ToyPictures.options(3).vocabulary(299).resume(true).build(), folder, SILENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other settings");
        assertThat(Snapshot.of(folder)).isEqualTo(trained);
    }

    @Test
    void aNewTrainingThatIsCutOffLeavesNoWeightsOfTheOldOne() throws IOException {
        train(ToyPictures.options(3).build(), folder, SILENT);
        Progress cutOff = (stage, _, _) -> {
            if (stage.startsWith("Training")) {
                throw new IllegalStateException("cut off");
            }
        };

        assertThatThrownBy(() -> train(ToyPictures.options(4).build(), folder, cutOff))
                .hasMessage("cut off");

        assertThat(folder.resolve(SafeTensors.FILE)).doesNotExist();
        assertThat(folder.resolve(TrainingState.FILE)).doesNotExist();
    }

    @Test
    void aPictureThatCannotBeMadeStopsTheTrainingWithItsReason() {
        CaptionTraining training = new CaptionTraining(
                i -> {
                    if (i == 5) {
                        throw new IllegalStateException("no ink");
                    }
                    return ToyPictures.picture(i);
                },
                ToyPictures::picture,
                ToyPictures.options(3).build());
        assertThatThrownBy(() -> training.train(ToyPictures::shape, folder, SILENT))
                .hasMessage("no ink");
    }

    @Test
    @Timeout(30)
    void anErrorWhileAPictureIsMadeStopsTheTrainingToo() {
        CaptionTraining training = new CaptionTraining(
                i -> {
                    throw new OutOfMemoryError("no ink");
                },
                ToyPictures::picture,
                ToyPictures.options(3).build());
        assertThatThrownBy(() -> training.train(ToyPictures::shape, folder, SILENT))
                .hasMessage("A picture cannot be made: java.lang.OutOfMemoryError: no ink");
    }

    @Test
    void theGradientIsTheSlopeOfTheLoss() {
        Blip2Shape shape = ToyPictures.shape(300);
        List<Weight> layout = new ArrayList<>(shape.weights());
        for (int head = 0; head < 4; head++) {
            Blip2Shape.linear(layout, "question." + head, 3, head < 2 ? 16 : 24);
        }
        Blip2Shape.linear(layout, "question.4", Blip2.CELLS, 16);
        List<float[]> values = Blip2Weights.random(shape, layout, 1);
        float[] pixels = new float[3 * 24 * 24];
        PictureTensor.put(Entry.of(ToyPictures.picture(3), 24).planes(), PictureTensor.Warp.none(24), pixels, 0);
        Blip2.Batch batch = new Blip2.Batch(pixels, List.of(new long[] {7, 8, 9}));
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), PtEngine.ENGINE_NAME);
                Blip2 model = new Blip2(manager, shape, layout, values)) {
            Blip2.Questions none = new Blip2.Questions(
                    new long[] {-100}, new long[] {-100}, new float[shape.patches() * Blip2.CELLS], 0, 1);
            Blip2.Lesson lesson = model.learn(manager, batch, none, new long[layout.size()]);
            int queries = layout.stream().map(Weight::name).toList().indexOf("query_tokens");
            double slope = lesson.gradients().get(queries).toFloatArray()[5];
            float[] moved = values.get(queries).clone();
            moved[5] += 0.05f;
            model.weights().get(queries).set(moved);
            double up = model.loss(batch, model.weights());
            moved[5] -= 0.1f;
            model.weights().get(queries).set(moved);
            double down = model.loss(batch, model.weights());
            assertThat((up - down) / 0.1).isCloseTo(slope, within(1e-3 + Math.abs(slope) * 0.05));
        }
    }
}
