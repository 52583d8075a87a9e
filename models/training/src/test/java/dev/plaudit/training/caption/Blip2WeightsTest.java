package dev.plaudit.training.caption;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.training.caption.Blip2Shape.Tower;
import dev.plaudit.training.caption.Blip2Shape.Weight;
import java.util.List;
import org.junit.jupiter.api.Test;

class Blip2WeightsTest {
    private static final int SIDE = 8;
    private static final int DIM = 128;
    private static final int HEAD = 32;

    /** Attention by places alone, as the first layer's first head begins. */
    @Test
    void theFirstHeadLooksAtThePatchToTheRight() {
        Tower tower = new Tower(1, DIM, DIM / HEAD, DIM);
        Blip2Shape shape = new Blip2Shape(8 * SIDE, 8, tower, 2, tower, 1, tower, 50, 16);
        List<String> names = shape.weights().stream().map(Weight::name).toList();
        List<float[]> values = Blip2Weights.random(shape, shape.weights(), 1);
        float[] places = values.get(names.indexOf("vision_model.embeddings.position_embedding"));
        float[] qkv = values.get(names.indexOf("vision_model.encoder.layers.0.self_attn.qkv.weight"));

        int here = 1 + 3 * SIDE + 3;
        double[] query = product(qkv, 0, normal(places, here));
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int patch = 1; patch <= SIDE * SIDE; patch++) {
            double[] key = product(qkv, DIM, normal(places, patch));
            double score = 0;
            for (int i = 0; i < HEAD; i++) {
                score += query[i] * key[i];
            }
            if (score > most) {
                most = score;
                best = patch;
            }
        }
        assertThat(best).isEqualTo(here + 1);
    }

    /** Rows {@code from} to {@code from + HEAD} of a matrix times a vector. */
    private static double[] product(float[] matrix, int from, double[] x) {
        double[] result = new double[HEAD];
        for (int row = 0; row < HEAD; row++) {
            for (int i = 0; i < DIM; i++) {
                result[row] += matrix[(from + row) * DIM + i] * x[i];
            }
        }
        return result;
    }

    private static double[] normal(float[] places, int patch) {
        double mean = 0;
        double square = 0;
        for (int i = 0; i < DIM; i++) {
            double value = places[patch * DIM + i];
            mean += value / DIM;
            square += value * value / DIM;
        }
        double[] normal = new double[DIM];
        for (int i = 0; i < DIM; i++) {
            normal[i] = (places[patch * DIM + i] - mean) / Math.sqrt(square - mean * mean);
        }
        return normal;
    }
}
