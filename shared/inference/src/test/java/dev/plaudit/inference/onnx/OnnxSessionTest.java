package dev.plaudit.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plaudit.inference.Device;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;

/** On a machine without a GPU, whether or not ONNX Runtime was built with CUDA. */
@DisabledIf("gpu")
class OnnxSessionTest {
    static boolean gpu() {
        return Path.of("/dev/nvidia0").toFile().exists();
    }

    private static OnnxModel model() {
        GraphBuilder graph = new GraphBuilder();
        Value x = graph.input("x", ElementType.FLOAT, Dimension.of(1));
        graph.output("y", graph.op("Relu", List.of(x)), ElementType.FLOAT, Dimension.of(1));
        return new OnnxModel(graph.toByteArray(), Path.of("").toAbsolutePath(), List.of());
    }

    @Test
    void withoutAGpuTheCpuIsTaken() {
        try (OnnxSession session = OnnxSession.open(model(), InferenceOptions.DEFAULT.withDevice(Device.AUTO))) {
            assertThat(session.device()).isEqualTo(Device.CPU);
        }
    }

    @Test
    void aGpuThatIsAskedForAndNotThereIsAnError() {
        assertThatThrownBy(() -> OnnxSession.open(model(), InferenceOptions.DEFAULT.withDevice(Device.CUDA)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("cannot be run");
    }
}
