package dev.plaudit.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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
        int count = 600;
        FlatBufferBuilder builder = new FlatBufferBuilder();
        int version = builder.createString(Cbm.FORMAT_VERSION);
        builder.startVector(Float.BYTES, 10_000, Float.BYTES);
        IntStream.range(0, 10_000).forEach(i -> builder.addFloat(-i));
        int borders = builder.endVector();
        int[] features = new int[count];
        Arrays.setAll(features, feature -> {
            builder.startTable(Cbm.FloatFeature.FIELDS);
            builder.addInt(Cbm.FloatFeature.FLAT_INDEX, feature, -1);
            builder.addOffset(Cbm.FloatFeature.BORDERS, borders, 0);
            return builder.endTable();
        });
        int floatFeatures = builder.createVectorOfTables(features);
        builder.startTable(Cbm.Trees.FIELDS);
        builder.addInt(Cbm.Trees.APPROX_DIMENSION, 1, 0);
        builder.addOffset(Cbm.Trees.FLOAT_FEATURES, floatFeatures, 0);
        int modelTrees = builder.endTable();
        builder.startTable(Cbm.Core.FIELDS);
        builder.addOffset(Cbm.Core.FORMAT_VERSION, version, 0);
        builder.addOffset(Cbm.Core.MODEL_TREES, modelTrees, 0);
        builder.finish(builder.endTable());
        byte[] core = builder.sizedByteArray();
        byte[] shared = ByteBuffer.allocate(Cbm.HEADER_BYTES + core.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(Cbm.MAGIC.getBytes())
                .putInt(core.length)
                .put(core)
                .array();

        assertThatThrownBy(() -> CbmReader.read(shared))
                .isInstanceOf(TreeModelException.class)
                .hasMessage("Model in memory is damaged: its parts do not fit together.");
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
