package dev.plaudit.inference.blip2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.TextTokenizer;
import dev.plaudit.inference.blip2.RandomBlip2.Tower;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.onnx.OnnxSession;
import dev.plaudit.inference.opt.RandomOpt;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.Tensor;
import dev.plaudit.inference.vision.ImageProcessor;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class Blip2CaptionerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RandomBlip2 SMALL = RandomBlip2.SMALL;
    private static final int END = 2;
    private static final int MOST = 8;

    @TempDir
    Path folder;

    static Stream<RandomBlip2> shapes() {
        return Stream.of(
                SMALL,
                new RandomBlip2(
                        16,
                        16,
                        new Tower(1, 8, 1, 12),
                        1,
                        new Tower(1, 8, 2, 8),
                        1,
                        new RandomOpt(8, 1, 1, 8, 102, 20)),
                new RandomBlip2(
                        24,
                        4,
                        new Tower(3, 32, 4, 64),
                        6,
                        new Tower(4, 24, 4, 30),
                        3,
                        new RandomOpt(32, 3, 2, 48, 120, 40)));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void tellsTheLanguageModelWhatTheFormulasSay(RandomBlip2 shape) throws OrtException {
        shape.write(folder, DType.F32);
        ReferenceBlip2 reference = ReferenceBlip2.of(shape, shape.tensors());
        List<BufferedImage> pictures = List.of(picture(40, 30, 1), picture(9, 60, 2));
        float[][][] told = told(shape, pictures, Precision.FP32);
        for (int i = 0; i < told.length; i++) {
            double[][] expected = reference.queries(pixels(shape, pictures.get(i)));
            for (int q = 0; q < expected.length; q++) {
                assertThat(greatestDifference(told[i][q], expected[q])).isLessThan(1e-4);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void saysWhatTheFormulasSay(RandomBlip2 shape) {
        shape.write(folder, DType.F32);
        ReferenceBlip2 reference = ReferenceBlip2.of(shape, shape.tensors());
        try (Blip2Captioner captioner = Blip2Captioner.open(folder, "", InferenceOptions.DEFAULT);
                TextTokenizer tokenizer = tokenizer(shape)) {
            for (int seed = 0; seed < 5; seed++) {
                BufferedImage picture = picture(30 + seed, 40, seed);
                int[] tokens = reference.say(pixels(shape, picture), END, MOST, 2);
                assertThat(caption(captioner, picture))
                        .containsExactly(tokenizer.decode(tokens).strip());
            }
        }
    }

    @Test
    void goesOnFromAPrompt() {
        SMALL.write(folder, DType.F32);
        ReferenceBlip2 reference = ReferenceBlip2.of(SMALL, SMALL.tensors());
        BufferedImage picture = picture(50, 50, 3);
        try (TextTokenizer tokenizer = tokenizer(SMALL);
                Blip2Captioner captioner = Blip2Captioner.open(folder, "a post", InferenceOptions.DEFAULT)) {
            int[] prompt = Arrays.stream(tokenizer.encode(List.of("a post")).getFirst())
                    .mapToInt(Math::toIntExact)
                    .toArray();
            int[] tokens = reference.say(pixels(SMALL, picture), END, MOST, prompt);
            assertThat(caption(captioner, picture))
                    .containsExactly(tokenizer.decode(tokens).strip());
        }
    }

    @Test
    void thePictureStandsWhereAPromptHoldsTheImageToken() {
        SMALL.write(folder, DType.F32);
        BufferedImage picture = picture(50, 50, 4);
        try (TextTokenizer tokenizer = tokenizer(SMALL)) {
            long[] prompt = tokenizer.encode(List.of("a post")).getFirst();
            change(ConfigFile.NAME, config -> config.put("image_token_index", prompt[1]));
            ReferenceBlip2 reference = ReferenceBlip2.of(SMALL, SMALL.tensors());
            double[][] before = reference.text().embeddings((int) prompt[0]);
            int[] after =
                    IntStream.range(2, prompt.length).map(i -> (int) prompt[i]).toArray();
            int[] tokens = reference.say(before, reference.queries(pixels(SMALL, picture)), END, MOST, after);
            try (Blip2Captioner captioner = Blip2Captioner.open(folder, "a post", InferenceOptions.DEFAULT)) {
                assertThat(caption(captioner, picture))
                        .containsExactly(tokenizer.decode(tokens).strip());
            }
        }
    }

    @Test
    void aPictureGetsTheSameCaptionAloneAndInAnyBatch() {
        SMALL.write(folder, DType.F32);
        List<BufferedImage> pictures =
                IntStream.range(0, 13).mapToObj(i -> picture(20 + 3 * i, 50, i)).toList();
        try (Blip2Captioner captioner = Blip2Captioner.open(folder, "", InferenceOptions.DEFAULT)) {
            assertThat(caption(captioner, pictures))
                    .containsExactlyElementsOf(pictures.stream()
                            .flatMap(picture -> caption(captioner, picture).stream())
                            .toList());
            assertThat(captioner.caption(List.of())).isEmpty();
        }
    }

    @Test
    void decodesAsTheFolderSays() throws IOException {
        SMALL.write(folder, DType.F32);
        Files.writeString(folder.resolve(GenerationConfig.FILE), """
                {"eos_token_id": 2, "num_beams": 3, "max_new_tokens": 3, "min_new_tokens": 3}""");
        try (Blip2Captioner captioner = Blip2Captioner.open(folder, "", InferenceOptions.DEFAULT);
                TextTokenizer tokenizer = tokenizer(SMALL)) {
            BufferedImage picture = picture(30, 30, 5);
            int[] likeliest = ReferenceBlip2.of(SMALL, SMALL.tensors()).likeliest(pixels(SMALL, picture), END, 3, 2);
            assertThat(caption(captioner, picture))
                    .containsExactly(tokenizer.decode(likeliest).strip());
        }
    }

    @Test
    void aPictureGetsOneCaptionWhereTheFolderAsksForMore() throws IOException {
        SMALL.write(folder, DType.F32);
        Files.writeString(folder.resolve(GenerationConfig.FILE), """
                {"eos_token_id": 2, "num_beams": 3, "num_return_sequences": 2, "max_new_tokens": 3}""");
        try (Blip2Captioner captioner = Blip2Captioner.open(folder, "", InferenceOptions.DEFAULT)) {
            assertThat(caption(captioner, List.of(picture(30, 30, 5), picture(20, 30, 6))))
                    .hasSize(2);
        }
    }

    @Test
    void aStopStringOfTheFolderEndsACaption() throws IOException {
        SMALL.write(folder, DType.F32);
        BufferedImage picture = picture(30, 30, 5);
        String whole;
        try (Blip2Captioner captioner = Blip2Captioner.open(folder, "", InferenceOptions.DEFAULT)) {
            whole = caption(captioner, picture).getFirst();
        }
        String beginning = whole.substring(0, whole.length() - 1);
        Files.writeString(folder.resolve(GenerationConfig.FILE), """
                {"eos_token_id": 2, "max_new_tokens": 8, "stop_strings": "%s"}""".formatted(beginning));
        try (Blip2Captioner captioner = Blip2Captioner.open(folder, "", InferenceOptions.DEFAULT)) {
            assertThat(caption(captioner, picture)).containsExactly(beginning);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void narrowFilesAnswerAsTheirValuesInSinglePrecision(DType stored) throws OrtException {
        Path narrow = SMALL.write(folder.resolve("narrow"), stored);
        SMALL.write(folder, DType.F32, tensors -> {
            try (SafeTensors rounded = SafeTensors.open(narrow)) {
                tensors.replaceAll((name, tensor) -> new Tensor(tensor.shape(), rounded.floats(name)));
            }
        });
        List<BufferedImage> pictures = List.of(picture(30, 30, 1), picture(31, 30, 2));
        try (Blip2Captioner fromNarrow = Blip2Captioner.open(narrow, "", InferenceOptions.DEFAULT);
                Blip2Captioner fromWide = Blip2Captioner.open(folder, "", InferenceOptions.DEFAULT)) {
            assertThat(caption(fromNarrow, pictures)).isEqualTo(caption(fromWide, pictures));
        }
    }

    @ParameterizedTest
    @CsvSource({"INT8, 0.15", "INT4, 0.8"})
    void quantisedWeightsStayNearAndAreKeptForTheNextStart(Precision precision, double tolerance)
            throws OrtException, IOException {
        SMALL.write(folder, DType.F16);
        List<BufferedImage> pictures = List.of(picture(30, 30, 1));
        float[][] exact = told(SMALL, pictures, Precision.FP32)[0];
        float[][] first = told(SMALL, pictures, precision)[0];
        Path sidecar = folder.resolve("vision." + precision.name().toLowerCase(Locale.ROOT) + ".safetensors");
        FileTime written = Files.getLastModifiedTime(sidecar);
        float[][] second = told(SMALL, pictures, precision)[0];
        for (int q = 0; q < exact.length; q++) {
            assertThat(greatestDifference(first[q], wide(exact[q]))).isBetween(1e-6, tolerance);
            assertThat(second[q]).isEqualTo(first[q]);
        }
        assertThat(Files.getLastModifiedTime(sidecar)).isEqualTo(written);
    }

    @Test
    void aQuantisedCaptionerOfOtherWeightsIsNotMixedUp() throws OrtException {
        List<BufferedImage> pictures = List.of(picture(30, 30, 1));
        SMALL.write(folder, DType.F32, tensors -> tensors.replaceAll((name, tensor) -> halved(tensor)));
        told(SMALL, pictures, Precision.INT8);
        SMALL.write(folder, DType.F32);
        float[][] exact = told(SMALL, pictures, Precision.FP32)[0];
        float[][] quantised = told(SMALL, pictures, Precision.INT8)[0];
        for (int q = 0; q < exact.length; q++) {
            assertThat(greatestDifference(quantised[q], wide(exact[q]))).isLessThan(0.15);
        }
    }

    static Stream<Arguments> badFolders() {
        return Stream.of(
                bad("qformer.layernorm.bias", tensors -> tensors.remove("qformer.layernorm.bias")),
                bad("vision_model.post_layernorm.bias", tensors -> {
                    tensors.put("vision_model.post_layernorm.bias", new Tensor(new long[] {3}, new float[3]));
                }),
                badFile(ConfigFile.NAME, "blip-2", config -> config.put("model_type", "bert")),
                badFile(ConfigFile.NAME, "only opt", config -> config.putObject("text_config")
                        .put("model_type", "t5")),
                badFile(ConfigFile.NAME, "patch_size", config -> config.withObject("/vision_config")
                        .put("patch_size", 9)),
                badFile(ConfigFile.NAME, "num_attention_heads", config -> config.withObject("/qformer_config")
                        .put("num_attention_heads", 3)),
                badFile(ConfigFile.NAME, "multiple of 8", config -> config.withObject("/text_config")
                        .put("num_attention_heads", 2)),
                badFile(ConfigFile.NAME, "does not match the model", config -> config.withObject("/text_config")
                        .put("vocab_size", 80)),
                badFile(ImageProcessor.FILE, "28 by 28", config -> config.put("size", 32)),
                badFile(ImageProcessor.FILE, "28 by 28", config -> config.put("do_resize", false)),
                badFile(ImageProcessor.FILE, "resample", config -> config.put("resample", 1)),
                badFile(ImageProcessor.FILE, "image_mean", config -> config.put("image_mean", 0.5)),
                badFile(
                        ImageProcessor.FILE,
                        "image_std",
                        config -> config.putArray("image_std").add(1).add(0).add(1)));
    }

    @ParameterizedTest
    @MethodSource("badFolders")
    void aFolderThatCannotBeUsedIsRefusedInOneSentence(
            String says, Consumer<SequencedMap<String, Tensor>> tensors, String file, Consumer<ObjectNode> fields) {
        SMALL.write(folder, DType.F32, tensors);
        change(file, fields);
        assertThatThrownBy(() -> Blip2Captioner.open(folder, "", InferenceOptions.DEFAULT))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(says)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        SMALL.write(folder, DType.F32);
        Files.delete(folder.resolve(ImageProcessor.FILE));
        assertThatThrownBy(() -> Blip2Captioner.open(folder, "", InferenceOptions.DEFAULT))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(ImageProcessor.FILE);
    }

    @Test
    void aPromptThatLeavesNoRoomIsRefused() {
        SMALL.write(folder, DType.F32);
        assertThatThrownBy(() -> Blip2Captioner.open(folder, "a post ".repeat(40), InferenceOptions.DEFAULT))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("no room");
    }

    @Test
    void aPromptWithTheImageTokenTwiceIsRefused() {
        SMALL.write(folder, DType.F32);
        try (TextTokenizer tokenizer = tokenizer(SMALL)) {
            long a = tokenizer.encode(List.of("a post")).getFirst()[1];
            change(ConfigFile.NAME, config -> config.put("image_token_index", a));
        }
        assertThatThrownBy(() -> Blip2Captioner.open(folder, "a post a", InferenceOptions.DEFAULT))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("the image token 2 times");
    }

    @Test
    void aClosedCaptionerSaysSo() {
        SMALL.write(folder, DType.F32);
        Blip2Captioner captioner = Blip2Captioner.open(folder, "", InferenceOptions.DEFAULT);
        captioner.close();
        captioner.close();
        assertThatIllegalStateException().isThrownBy(() -> caption(captioner, picture(5, 5, 1)));
    }

    private static List<String> caption(Blip2Captioner captioner, BufferedImage picture) {
        return caption(captioner, List.of(picture));
    }

    private static List<String> caption(Blip2Captioner captioner, List<BufferedImage> pictures) {
        return captioner.caption(pictures.stream().map(captioner::pixelValues).toList());
    }

    private static Arguments bad(String says, Consumer<SequencedMap<String, Tensor>> tensors) {
        Consumer<ObjectNode> same = fields -> {};
        return Arguments.of(says, tensors, ConfigFile.NAME, same);
    }

    private static Arguments badFile(String file, String says, Consumer<ObjectNode> fields) {
        Consumer<SequencedMap<String, Tensor>> same = tensors -> {};
        return Arguments.of(says, same, file, fields);
    }

    private void change(String file, Consumer<ObjectNode> fields) {
        try {
            ObjectNode config = (ObjectNode) JSON.readTree(folder.resolve(file).toFile());
            fields.accept(config);
            JSON.writeValue(folder.resolve(file).toFile(), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code [picture][query][hidden]}: what the language model is told. */
    private float[][][] told(RandomBlip2 shape, List<BufferedImage> pictures, Precision precision) throws OrtException {
        FloatBuffer pixels = FloatBuffer.allocate(pictures.size() * 3 * shape.image() * shape.image());
        pictures.forEach(picture -> pixels.put(pixels(shape, picture)));
        Blip2Config config = Blip2Config.of(ConfigFile.read(folder.resolve(ConfigFile.NAME)));
        try (SafeTensors checkpoint = SafeTensors.open(folder);
                Arena memory = Arena.ofConfined();
                OnnxSession session = OnnxSession.open(
                        Blip2VisionGraph.of(config, checkpoint, precision, memory), InferenceOptions.DEFAULT);
                OnnxTensor input = OnnxTensor.createTensor(session.environment(), pixels.flip(), new long[] {
                    pictures.size(), 3, shape.image(), shape.image()
                });
                OrtSession.Result result = session.session().run(Map.of(Blip2VisionGraph.PIXELS, input))) {
            return (float[][][]) result.get(0).getValue();
        }
    }

    private float[] pixels(RandomBlip2 shape, BufferedImage picture) {
        return ImageProcessor.of(folder, shape.image()).pixelValues(picture);
    }

    private TextTokenizer tokenizer(RandomBlip2 shape) {
        return TextTokenizer.open(
                folder, shape.text().vocabulary(), shape.text().positions());
    }

    private static double greatestDifference(float[] a, double[] b) {
        return IntStream.range(0, b.length)
                .mapToDouble(i -> Math.abs(a[i] - b[i]))
                .max()
                .orElseThrow();
    }

    private static double[] wide(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private static Tensor halved(Tensor tensor) {
        float[] values = tensor.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] /= 2;
        }
        return new Tensor(tensor.shape(), values);
    }

    /** Rectangles at random, the same for the same seed. */
    private static BufferedImage picture(int width, int height, int seed) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(seed);
        Graphics2D graphics = picture.createGraphics();
        for (int i = 0; i < 20; i++) {
            graphics.setColor(new Color(random.nextInt(1 << 24)));
            graphics.fillRect(random.nextInt(width), random.nextInt(height), 1 + width / 2, 1 + height / 2);
        }
        graphics.dispose();
        return picture;
    }
}
