package dev.plaudit.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
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
