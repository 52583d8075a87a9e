package dev.plaudit.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CbmReaderTest {
    private final Random random = new Random(3);
    private final ObliviousTrees trees = TreeFixtures.obliviousTrees(random, 5, 7, 4);
    private final byte[] cbm = CbmWriter.write(trees);

    @Test
    void readsWhatWasWritten() {
        ObliviousTrees read = CbmReader.read(cbm);
        assertThat(read.featureNames()).isEqualTo(trees.featureNames());
        assertThat(read.borders()).isDeepEqualTo(trees.borders());
        assertThat(read.bias()).isEqualTo(trees.bias());
        assertThat(read.trees()).usingRecursiveComparison().isEqualTo(trees.trees());
    }

    @Test
    void readsFeaturesThatNoTreeAsksAbout() {
        var tree = new ObliviousTrees.Tree(new int[] {1}, new int[] {1}, new double[] {1, 2}, new double[] {1, 1});
        var sparse = new ObliviousTrees(List.of("a", "b", "c"), new float[][] {{}, {1, 2}, {}}, List.of(tree), 0);
        ObliviousTrees read = CbmReader.read(CbmWriter.write(sparse));
        assertThat(read.trees()).usingRecursiveComparison().isEqualTo(sparse.trees());
        assertThat(read.borders()).isDeepEqualTo(sparse.borders());
    }

    @Test
    void namesTheFeaturesToCatBoost() throws Exception {
        try (var runtime = ai.catboost.CatBoostModel.loadModel(cbm)) {
            assertThat(runtime.getFeatureNames())
                    .containsExactly(trees.featureNames().toArray(String[]::new));
        }
    }

    @Test
    void refusesAFileThatIsNoCatBoostModel() {
        assertThatThrownBy(() -> CbmReader.read("no model at all".getBytes()))
                .isInstanceOf(TreeModelException.class)
                .hasMessage("Model in memory is no CatBoost model: it does not begin with CBM1.");
    }

    @Test
    void refusesAFileThatIsCutOff() {
        assertThatThrownBy(() -> CbmReader.read(Arrays.copyOf(cbm, cbm.length / 2)))
                .isInstanceOf(TreeModelException.class)
                .hasMessageContaining("is cut off");
    }

    @Test
    void refusesPartsThatTogetherAreLongerThanTheFile() {
        assertRefused("is damaged: its parts do not fit together.", 1, file -> {
            int borders = vector(file, 10_000, Float.BYTES, () -> file.addFloat(0));
            return features(file, IntStream.range(0, 600).map(i -> feature(file, i, borders, 0, 0)));
        });
        assertRefused("is damaged: its parts do not fit together.", 1, file -> {
            int name = file.createString("x".repeat(10_000));
            return features(file, IntStream.range(0, 600).map(i -> feature(file, i, 0, name, 0)));
        });
    }

    @Test
    void refusesModelsOfOtherKinds() {
        assertRefused("predicts several values, a regressor predicts one.", 2, _ -> Map.of());
        assertRefused(
                "has non-symmetric trees, only symmetric ones are read.",
                1,
                file -> Map.of(
                        Cbm.Trees.NON_SYMMETRIC_STEP_NODES, vector(file, 1, Integer.BYTES, () -> file.addInt(0))));
        for (int kind : Cbm.Trees.ABSENT) {
            assertRefused(
                    "has features that are not numbers, only float features are read.",
                    1,
                    file -> Map.of(kind, vector(file, 1, Integer.BYTES, () -> file.addInt(0))));
        }
        assertRefused(
                "lists its features out of order.", 1, file -> features(file, IntStream.of(feature(file, 1, 0, 0, 0))));
        assertRefused(
                "takes missing values for the highest, only the lowest is read.",
                1,
                file -> features(file, IntStream.of(feature(file, 0, 0, 0, Cbm.FloatFeature.NAN_AS_TRUE))));
        assertRefused(
                "has no leaf weights, without which SHAP values cannot be computed.",
                1,
                file -> Map.of(Cbm.Trees.LEAF_VALUES, vector(file, 1, Double.BYTES, () -> file.addDouble(1))));
    }

    @Test
    void scalesTheLeavesAndAddsTheBias() {
        byte[] scaled = cbm(
                1,
                file -> Map.of(
                        Cbm.Trees.TREE_SIZES, vector(file, 1, Integer.BYTES, () -> file.addInt(0)),
                        Cbm.Trees.TREE_START_OFFSETS, vector(file, 1, Integer.BYTES, () -> file.addInt(0)),
                        Cbm.Trees.LEAF_VALUES, vector(file, 1, Double.BYTES, () -> file.addDouble(3)),
                        Cbm.Trees.LEAF_WEIGHTS, vector(file, 1, Double.BYTES, () -> file.addDouble(1))),
                file -> {
                    file.addDouble(Cbm.Trees.SCALE, 2, 1);
                    file.addDouble(Cbm.Trees.BIAS, 5, 0);
                });

        assertThat(CbmReader.read(scaled).predict(new float[0])).isEqualTo(11);
    }

    private static void assertRefused(
            String why, int outputs, Function<FlatBufferBuilder, Map<Integer, Integer>> parts) {
        assertThatThrownBy(() -> CbmReader.read(cbm(outputs, parts, _ -> {})))
                .isInstanceOf(TreeModelException.class)
                .hasMessage("Model in memory " + why);
    }

    /** A file of so many outputs whose trees have these parts and numbers. */
    private static byte[] cbm(
            int outputs,
            Function<FlatBufferBuilder, Map<Integer, Integer>> parts,
            Consumer<FlatBufferBuilder> numbers) {
        FlatBufferBuilder file = new FlatBufferBuilder();
        Map<Integer, Integer> offsets = parts.apply(file);
        int version = file.createString(Cbm.FORMAT_VERSION);
        file.startTable(Cbm.Trees.FIELDS);
        file.addInt(Cbm.Trees.APPROX_DIMENSION, outputs, 0);
        offsets.forEach((field, offset) -> file.addOffset(field, offset, 0));
        numbers.accept(file);
        int modelTrees = file.endTable();
        file.startTable(Cbm.Core.FIELDS);
        file.addOffset(Cbm.Core.FORMAT_VERSION, version, 0);
        file.addOffset(Cbm.Core.MODEL_TREES, modelTrees, 0);
        file.finish(file.endTable());
        byte[] core = file.sizedByteArray();
        return ByteBuffer.allocate(Cbm.HEADER_BYTES + core.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(Cbm.MAGIC.getBytes())
                .putInt(core.length)
                .put(core)
                .array();
    }

    private static int vector(FlatBufferBuilder file, int length, int bytes, Runnable element) {
        file.startVector(bytes, length, bytes);
        IntStream.range(0, length).forEach(_ -> element.run());
        return file.endVector();
    }

    private static Map<Integer, Integer> features(FlatBufferBuilder file, IntStream features) {
        return Map.of(Cbm.Trees.FLOAT_FEATURES, file.createVectorOfTables(features.toArray()));
    }

    private static int feature(FlatBufferBuilder file, int index, int borders, int name, int missing) {
        file.startTable(Cbm.FloatFeature.FIELDS);
        file.addInt(Cbm.FloatFeature.FLAT_INDEX, index, -1);
        file.addOffset(Cbm.FloatFeature.BORDERS, borders, 0);
        file.addOffset(Cbm.FloatFeature.FEATURE_ID, name, 0);
        file.addByte(Cbm.FloatFeature.NAN_VALUE_TREATMENT, (byte) missing, 0);
        return file.endTable();
    }

    @Test
    void refusesATreeThatAsksAboutWhatIsNotThere() {
        for (int[] question : new int[][] {{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
            var tree = new ObliviousTrees.Tree(
                    new int[] {question[0]}, new int[] {question[1]}, new double[2], new double[2]);

            assertThatThrownBy(() -> new ObliviousTrees(List.of("a"), new float[][] {{1}}, List.of(tree), 0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aDamagedByteIsRefusedOrHarmlessButNeverAnythingElse() {
        for (int position = 0; position < cbm.length; position++) {
            byte[] damaged = cbm.clone();
            damaged[position] = (byte) random.nextInt();
            try {
                assertThat(CbmReader.read(damaged).featureCount()).isNotNegative();
            } catch (TreeModelException refused) {
                assertThat(refused).hasMessageStartingWith("Model in memory ").hasMessageEndingWith(".");
            }
        }
    }
}
