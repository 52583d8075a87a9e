package dev.plaudit.ocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbabilityMapTest {
    private static final ProbabilityMap.Rule RULE = new ProbabilityMap.Rule(0.3f, 0.6f, 1.5f);

    private static float[] rectangle(int left, int top, int width, int height, float value) {
        float[] values = new float[100 * 60];
        for (int y = top; y < top + height; y++) {
            Arrays.fill(values, y * 100 + left, y * 100 + left + width, value);
        }
        return values;
    }

    private static List<TextBox> boxes(float[] values) {
        return new ProbabilityMap(values, 100, 60).boxes(RULE);
    }

    /** 40 × 10 pixels: area 400, perimeter 100, so each side moves out by 400 · 1.5 / 100 = 6. */
    @Test
    void growsACoreByItsAreaOverItsPerimeter() {
        TextBox box = boxes(rectangle(20, 20, 40, 10, 0.9f)).getFirst();
        assertThat(box.corners().get(0).getX()).isEqualTo(14, within(1e-6));
        assertThat(box.corners().get(0).getY()).isEqualTo(14, within(1e-6));
        assertThat(box.corners().get(2).getX()).isEqualTo(66, within(1e-6));
        assertThat(box.corners().get(2).getY()).isEqualTo(36, within(1e-6));
    }

    @Test
    void aTurnedCoreGetsATurnedBox() {
        float[] values = new float[100 * 60];
        for (int i = 0; i < 40; i++) {
            for (int thickness = 0; thickness < 8; thickness++) {
                values[(10 + i / 2 + thickness) * 100 + 20 + i] = 0.9f;
            }
        }
        TextBox box = boxes(values).getFirst();
        double angle = Math.atan2(
                box.corners().get(1).getY() - box.corners().get(0).getY(),
                box.corners().get(1).getX() - box.corners().get(0).getX());
        assertThat(Math.toDegrees(angle)).isEqualTo(26.6, within(2.0));
    }

    @Test
    void leavesOutWhatIsTooThinOrTooFaint() {
        assertThat(boxes(rectangle(20, 20, 40, 2, 0.9f))).isEmpty();
        assertThat(boxes(rectangle(20, 20, 40, 10, 0.5f))).isEmpty();
        assertThat(boxes(rectangle(20, 20, 40, 10, 0.3f))).isEmpty();
    }

    @Test
    void tellsCoresApartThatDoNotTouch() {
        float[] values = rectangle(5, 20, 30, 10, 0.9f);
        float[] second = rectangle(50, 20, 30, 10, 0.9f);
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(values[i], second[i]);
        }
        assertThat(boxes(values)).hasSize(2);
    }

    @Test
    void aPictureIsScaledByItsArea() {
        assertThat(TextDetector.scale(960, 960, 960)).isEqualTo(1);
        assertThat(TextDetector.scale(1920, 1920, 960)).isEqualTo(0.5);
        assertThat(TextDetector.scale(8000, 200, 960)).isEqualTo(960 / Math.sqrt(1_600_000));
        assertThat(TextDetector.scale(160, 160, 960)).isEqualTo(2);
        assertThat(TextDetector.scale(10, 10, 960)).isEqualTo(4);
    }
}
