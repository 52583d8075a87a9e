package dev.plaudit.inference.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.inference.Device;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.onnx.ElementType;
import dev.plaudit.inference.onnx.OnnxModel;
import dev.plaudit.inference.opt.RandomOpt;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeviceCacheTest {
    private static final RandomOpt SMALL = RandomOpt.SMALL;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "FLOAT16"})
    void boundMemorySaysBitForBitWhatTheMemoryOfTheHostSays(ElementType numbers) {
        Random random = new Random(3);
        try (OptModel host = OptModel.onHost(SMALL, folder.resolve("host"), numbers);
                OptModel device = OptModel.onDevice(SMALL, folder.resolve("device"), numbers);
                Decoder expected = host.model().decoder(5, 40);
                Decoder found = device.model().decoder(5, 40)) {
            int rows = 0;
            for (int step = 0; step < 35; step++) {
                if (rows == 0 || rows < 5 && random.nextInt(3) == 0) {
                    int[] prompt = random.ints(1 + random.nextInt(5), 0, SMALL.vocabulary())
                            .toArray();
                    expected.add(host.model().prompt(prompt).embeddings());
                    found.add(device.model().prompt(prompt).embeddings());
                    rows++;
                } else {
                    int next = 1 + random.nextInt(5);
                    int[] parents = random.ints(next, 0, rows).toArray();
                    int[] tokens = random.ints(next, 0, SMALL.vocabulary()).toArray();
                    expected.advance(parents, tokens);
                    found.advance(parents, tokens);
                    rows = next;
                }
                assertThat(found.logits()).isEqualTo(expected.logits());
            }
        }
    }

    @Test
    void attentionInHalfPrecisionSaysNearlyTheSame() {
        try (OptModel single = OptModel.onHost(SMALL, folder.resolve("single"), ElementType.FLOAT);
                OptModel half = OptModel.onHost(SMALL, folder.resolve("half"), ElementType.FLOAT16);
                Decoder expected = single.model().decoder(1, 20);
                Decoder found = half.model().decoder(1, 20)) {
            expected.add(single.model().prompt(2, 7, 9).embeddings());
            found.add(half.model().prompt(2, 7, 9).embeddings());
            for (int token = 0; token < 10; token++) {
                expected.advance(new int[1], new int[] {token});
                found.advance(new int[1], new int[] {token});
            }
            assertThat(found.logits()).isNotEqualTo(expected.logits());
            for (int i = 0; i < SMALL.vocabulary(); i++) {
                assertThat(found.logits()[i]).isCloseTo(expected.logits()[i], within(0.01f));
            }
        }
    }

    @Test
    void aDeviceThatIsNotThereIsAnError() {
        assertThatThrownBy(() -> CausalSession.open(
                        new OnnxModel(new byte[0], folder, List.of()),
                        new CausalShape(1, 2, 1, 2, 3, 4),
                        InferenceOptions.DEFAULT.withDevice(Device.CUDA)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("CUDA");
    }

    @Test
    void aModelThatIsNoneIsAnError() {
        assertThatThrownBy(() -> CausalSession.OnDevice.open(
                        new OnnxModel(new byte[] {1, 2, 3}, folder, List.of()),
                        new CausalShape(1, 2, 1, 2, 3, 4),
                        InferenceOptions.DEFAULT,
                        Device.CPU))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(folder.toString());
    }
}
