package dev.plaudit.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import dev.plaudit.inference.safetensors.TensorStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuantizedMatrixTest {
    private static final int IN = 96;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"INT8", "INT4", "INT4_64", "INT4_128"})
    void scalesAreTheSameBeforeTheMatrixAndAfterIt(Precision precision) throws IOException {
        try (SafeTensors checkpoint = checkpoint()) {
            QuantizedMatrix quantized =
                    new QuantizedMatrix(checkpoint, List.of(new Rows("a", 3), new Rows("b", 5)), IN, precision);
            byte[] alone = bytes(quantized.scaleStream());
            byte[] matrix = bytes(quantized.matrix());
            assertThat(alone).hasSize((int) quantized.scaleStream().byteSize());
            assertThat(bytes(quantized.scaleStream())).isEqualTo(alone);
            assertThat(bytes(quantized.scaleStream())).isEqualTo(alone);
            assertThat(bytes(quantized.matrix())).isEqualTo(matrix);
        }
    }

    @Test
    void beforeItIsWrittenItHoldsNoScales() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<Rows> large = List.of(new Rows("a", 1 << 24));
        try (SafeTensors checkpoint = checkpoint()) {
            long before = threads.getCurrentThreadAllocatedBytes();
            QuantizedMatrix quantized = new QuantizedMatrix(checkpoint, large, IN, Precision.INT4);
            long scales = quantized.scaleStream().byteSize();
            assertThat(quantized.matrix().shape()).startsWith(1 << 24);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(scales / 10);
        }
    }

    private SafeTensors checkpoint() throws IOException {
        LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a", random(3, 1));
        tensors.put("b", random(5, 2));
        SafeTensorsWriter.write(folder.resolve(SafeTensors.FILE), tensors, DType.F32, Map.of());
        return SafeTensors.open(folder);
    }

    private static Tensor random(int rows, int seed) {
        Random random = new Random(seed);
        float[] values = new float[rows * IN];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Tensor(new long[] {rows, IN}, values);
    }

    private static byte[] bytes(TensorStream tensor) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tensor.content().writeTo(part -> bytes.writeBytes(part.toArray(ValueLayout.JAVA_BYTE)));
        return bytes.toByteArray();
    }
}
