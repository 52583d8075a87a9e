package dev.plaudit.training.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtEngine;
import dev.plaudit.training.language.TokenBatch.Sequence;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Gradients against the slope of the loss between two near points. */
class LlamaGradientTest {
    private static final LlamaShape SHAPE = new LlamaShape(
            30, 16, 2, 4, 2, 8, 24, 16, 10_000, Optional.empty(), 1e-5, false, new LlamaShape.Tokens(1, 2, 0));
    private static final TokenBatch BATCH = TokenBatch.of(
            List.of(new Sequence(new long[] {1, 7, 8, 9, 20, 2}, 3), new Sequence(new long[] {1, 12, 2}, 2)), 0);
    private static final float STEP = 2e-2f;

    private static List<float[]> loud(List<float[]> values, long seed) {
        Random random = new Random(seed);
        return values.stream()
                .map(array -> {
                    float[] loud = array.clone();
                    for (int i = 0; i < loud.length; i++) {
                        loud[i] += (float) (0.3 * random.nextGaussian());
                    }
                    return loud;
                })
                .toList();
    }

    @Test
    void everyWeightLearnsAlongTheSlopeOfTheLoss() {
        agrees(Optional.empty(), List.of());
    }

    @Test
    void anAdapterLearnsAlongTheSlopeOfTheLoss() {
        Lora lora = new Lora(3, 6, Set.of("q_proj", "v_proj", "down_proj"));
        agrees(Optional.of(lora), loud(lora.random(SHAPE, 2), 3));
    }

    private static void agrees(Optional<Lora> lora, List<float[]> adapters) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), PtEngine.ENGINE_NAME);
                Llama llama = new Llama(manager, SHAPE, loud(LlamaWeights.random(SHAPE, 1), 4), 16, lora, adapters)) {
            Llama.Lesson lesson = llama.learn(manager, BATCH, 0);
            assertThat(lesson.loss()).isEqualTo(loss(manager, llama), within(1e-5f));
            Random random = new Random(5);
            for (int i = 0; i < llama.learning().size(); i++) {
                NDArray learning = llama.learning().get(i);
                float[] gradient = lesson.gradients().get(i).toFloatArray();
                float[] values = learning.toFloatArray();
                float[] direction = new float[values.length];
                double expected = 0;
                for (int j = 0; j < direction.length; j++) {
                    direction[j] = (float) (random.nextGaussian() / Math.sqrt(direction.length));
                    expected += direction[j] * gradient[j];
                }
                float ahead = moved(manager, llama, learning, values, direction, STEP);
                float behind = moved(manager, llama, learning, values, direction, -STEP);
                learning.set(values);
                assertThat((ahead - behind) / (2.0 * STEP))
                        .as(llama.learningLayout().get(i).name())
                        .isCloseTo(expected, within(2e-3 + 0.01 * Math.abs(expected)));
            }
        }
    }

    private static float moved(
            NDManager manager, Llama llama, NDArray learning, float[] values, float[] direction, float step) {
        float[] moved = values.clone();
        for (int j = 0; j < moved.length; j++) {
            moved[j] += step * direction[j];
        }
        learning.set(moved);
        return loss(manager, llama);
    }

    private static float loss(NDManager manager, Llama llama) {
        try (NDManager scratch = manager.newSubManager()) {
            return llama.loss(BATCH, llama.whole(scratch, llama.learning()));
        }
    }
}
