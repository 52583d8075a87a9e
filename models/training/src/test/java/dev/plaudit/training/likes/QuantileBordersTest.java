package dev.plaudit.training.likes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantileBordersTest {
    private static final float NAN = Float.NaN;
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    @Test
    void liesBetweenTheValuesItParts() {
        assertThat(QuantileBorders.of(new float[] {3, 1, 2, 1, 3}, 10)).containsExactly(1.5f, 2.5f);
    }

    @Test
    void partsManyValuesIntoBinsOfAboutAsManyRows() {
        Random random = new Random(1);
        float[] column = new float[10_000];
        for (int i = 0; i < column.length; i++) {
            column[i] = (float) Math.exp(random.nextGaussian());
        }
        float[] borders = QuantileBorders.of(column, 99);
        int[] rows = new int[100];
        for (float value : column) {
            rows[QuantileBorders.bin(borders, value)]++;
        }
        assertThat(Arrays.stream(rows)).allMatch(n -> n >= 95 && n <= 105);
    }

    @Test
    void aConstantColumnHasNoBorders() {
        assertThat(QuantileBorders.of(new float[] {4, 4, 4}, 10)).isEmpty();
        assertThat(QuantileBorders.of(new float[] {NAN, NAN}, 10)).isEmpty();
        assertThat(QuantileBorders.of(new float[] {-0f, 0f}, 10)).isEmpty();
    }

    @Test
    void missingValuesGetABinOfTheirOwn() {
        float[] borders = QuantileBorders.of(new float[] {NAN, 5, 6}, 10);
        assertThat(borders).containsExactly(-Float.MAX_VALUE, 5.5f);
        assertThat(QuantileBorders.bin(borders, NAN)).isZero();
        assertThat(QuantileBorders.bin(borders, -1e30f)).isEqualTo(1);
    }

    @Test
    void bordersAreFiniteAndPartNeighboursOfEverySize() {
        assertThat(QuantileBorders.of(new float[] {-INFINITY, 0, INFINITY}, 10)).containsExactly(-Float.MAX_VALUE, 0);
        float above = Math.nextUp(1f);
        float[] borders = QuantileBorders.of(new float[] {1, above}, 10);
        assertThat(QuantileBorders.bin(borders, 1)).isZero();
        assertThat(QuantileBorders.bin(borders, above)).isEqualTo(1);
    }

    @Test
    void aValueOnABorderIsNotAboveIt() {
        float[] borders = {1, 2};
        assertThat(QuantileBorders.bin(borders, 1)).isZero();
        assertThat(QuantileBorders.bin(borders, 2)).isEqualTo(1);
        assertThat(QuantileBorders.bin(borders, INFINITY)).isEqualTo(2);
    }
}
