package dev.plaudit.inference.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plaudit.inference.ModelException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafeTensorsTest {
    private static final float[] VALUES = {0, -0f, 1, -1.5f, 0.099975586f, 65504, 0x1p-24f, -3.140625f};

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void file() {
        file = folder.resolve(SafeTensors.FILE);
    }

    @ParameterizedTest
    @EnumSource(names = {"F64", "F32", "F16"})
    void whatIsWrittenIsReadBack(DType as) throws IOException {
        SafeTensorsWriter.write(file, tensors(), as, Map.of("format", "pt"));
        try (SafeTensors read = SafeTensors.open(folder)) {
            assertThat(read.names()).containsExactly("b", "a", "scalar", "none");
            assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
            assertThat(read.floats("b")).containsExactly(VALUES);
            assertThat(read.floats("scalar")).containsExactly(7);
            assertThat(read.floats("none")).isEmpty();
            TensorInfo a = read.tensor("a");
            assertThat(a.dtype()).isEqualTo(as);
            assertThat(a.shape()).containsExactly(1, 3);
            assertThat(a.length()).isEqualTo(3L * as.bytes());
            assertThat(a.file()).isEqualTo(file.toRealPath());
            assertThat(read.segment("a").toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(bytesOf(file, a.offset(), a.length()));
        }
    }

    @Test
    void theDataStartsAtAMultipleOfEight() throws IOException {
        for (int length = 1; length <= 8; length++) {
            SequencedMap<String, Tensor> one = new LinkedHashMap<>();
            one.put("n".repeat(length), new Tensor(new long[] {1}, new float[] {1}));
            SafeTensorsWriter.write(file, one, DType.F32, Map.of());
            try (SafeTensors read = SafeTensors.open(file)) {
                assertThat(read.tensor("n".repeat(length)).offset() % 8).isZero();
            }
        }
    }

    @Test
    void bfloat16RoundsToNearestEven() throws IOException {
        float[] values = {1, 0x1.01p0f, 0x1.03p0f, 0x1.0102p0f, -0x1.0102p0f, Float.NEGATIVE_INFINITY, Float.NaN};
        SequencedMap<String, Tensor> one = new LinkedHashMap<>();
        one.put("x", new Tensor(new long[] {values.length}, values));
        SafeTensorsWriter.write(file, one, DType.BF16, Map.of());
        try (SafeTensors read = SafeTensors.open(file)) {
            assertThat(read.floats("x"))
                    .containsExactly(
                            1, 0x1.00p0f, 0x1.04p0f, 0x1.02p0f, -0x1.02p0f, Float.NEGATIVE_INFINITY, Float.NaN);
        }
    }

    @ParameterizedTest
    @CsvSource({"F16, 65520", "BF16, 3.4e38"})
    void aValueTooLargeForTheTypeIsRefusedAndLeavesTheOldFile(DType as, float value) throws IOException {
        SafeTensorsWriter.write(file, tensors(), DType.F32, Map.of());
        byte[] before = Files.readAllBytes(file);
        SequencedMap<String, Tensor> one = new LinkedHashMap<>();
        one.put("big", new Tensor(new long[] {1}, new float[] {value}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SafeTensorsWriter.write(file, one, as, Map.of()))
                .withMessageContaining("tensor big holds");
        assertThat(file).hasBinaryContent(before);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void integersAreKeptButAreNoFloats() throws IOException {
        raw("{\"ids\": {\"dtype\": \"I16\", \"shape\": [2], \"data_offsets\": [0, 4]}}", 4);
        try (SafeTensors read = SafeTensors.open(file)) {
            assertThat(read.segment("ids").byteSize()).isEqualTo(4);
            assertThatThrownBy(() -> read.floats("ids"))
                    .isInstanceOf(ModelException.class)
                    .hasMessageEndingWith("tensor ids holds I16, not floating-point numbers");
        }
    }

    @Test
    void dataAtAnOddOffsetIsRead() throws IOException {
        raw(
                "{\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                        + "\"x\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[1,9]}}",
                9);
        try (SafeTensors read = SafeTensors.open(file)) {
            assertThat(read.floats("x")).containsExactly(0);
        }
    }

    @Test
    void aMissingTensorIsNamed() throws IOException {
        SafeTensorsWriter.write(file, tensors(), DType.F32, Map.of());
        try (SafeTensors read = SafeTensors.open(file)) {
            assertThatThrownBy(() -> read.tensor("c"))
                    .isInstanceOf(ModelException.class)
                    .hasMessage("tensor c is missing in " + file.toRealPath());
        }
    }

    @Test
    void nothingIsReadAfterClosing() throws IOException {
        SafeTensorsWriter.write(file, tensors(), DType.F32, Map.of());
        SafeTensors read = SafeTensors.open(file);
        read.close();
        read.close();
        assertThatIllegalStateException().isThrownBy(() -> read.floats("a"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                                               | 0 | no JSON object",
                "{\"x\":                                                          | 0 | no valid JSON",
                "{} {}                                                            | 0 | no valid JSON",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 4 | Duplicate field 'x'",
                "{\"x\":{\"dtype\":\"F8\",\"shape\":[1],\"data_offsets\":[0,4]}}  | 4 | tensor x has an element type that is not supported: F8",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | 4 | tensor x has a shape that is no list of natural numbers",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}} | 4 | tensor x has a shape that is no list of natural numbers",
                "{\"x\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}               | 4 | tensor x has a shape that is no list of natural numbers",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}} | 4 | tensor x has a shape too large to exist",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | 4 | tensor x takes 4 bytes, but its shape and type need 8",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}} | 4 | tensor x has data_offsets that are no range",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}   | 4 | tensor x has data_offsets that are no range",
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[9223372036854775806,9223372036854775807]}} | 4 | tensor x has data_offsets that are no range",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 4 | is cut off: tensor x ends at byte",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 6 | the last 2 bytes belong to no tensor",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | 8 | bytes between the header and tensor x belong to no tensor",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"y\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | 8 | tensor y overlaps tensor x"
            })
    void aHeaderThatBreaksARuleIsRefused(String header, int data, String message) throws IOException {
        raw(header, data);
        assertRefused(message);
    }

    @ParameterizedTest
    @CsvSource({"9223372036854775807", "-1", "0", "100000001", "4096"})
    void aHeaderOfAnAbsurdSizeIsRefused(long length) throws IOException {
        Files.write(
                file,
                ByteBuffer.allocate(16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(length)
                        .array());
        assertRefused("its header claims " + length + " bytes of a file of 16");
    }

    @Test
    void aFileTooShortIsRefused() throws IOException {
        Files.write(file, new byte[7]);
        assertRefused("is too short to be a safetensors file");
        Files.delete(file);
        assertRefused("holds neither model.safetensors nor model.safetensors.index.json");
    }

    @ParameterizedTest
    @CsvSource({"../outside.safetensors", "/outside.safetensors", "..", "a/../../b", "''"})
    void aShardOutsideTheFolderIsRefused(String shard) throws IOException {
        index(Map.of("x", shard));
        assertRefused("names the shard " + shard + ", which is no file of its folder");
    }

    @Test
    void aTensorThatItsShardLacksIsRefused() throws IOException {
        SafeTensorsWriter.write(folder.resolve("one"), tensors(), DType.F32, Map.of());
        index(Map.of("a", "one", "x", "one"));
        assertRefused("tensor x is missing in " + folder.resolve("one"));
        index(Map.of("a", "two"));
        assertRefused(folder.resolve("two") + " cannot be read");
        Files.writeString(folder.resolve(SafeTensors.INDEX), "{\"weight_map\": ");
        assertRefused("cannot be read as JSON");
    }

    @Test
    void shardsAreReadAsOne() throws IOException {
        SafeTensorsWriter.write(folder.resolve("one"), tensors(), DType.F32, Map.of("from", "one"));
        SafeTensorsWriter.write(folder.resolve("two"), tensors(), DType.F16, Map.of());
        index(Map.of("a", "one", "b", "two"));
        try (SafeTensors read = SafeTensors.open(folder)) {
            assertThat(read.names()).containsExactly("a", "b");
            assertThat(read.tensor("a").dtype()).isEqualTo(DType.F32);
            assertThat(read.tensor("b").dtype()).isEqualTo(DType.F16);
            assertThat(read.metadata()).containsEntry("from", "one");
        }
    }

    private static SequencedMap<String, Tensor> tensors() {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("b", new Tensor(new long[] {2, 4}, VALUES));
        tensors.put("a", new Tensor(new long[] {1, 3}, new float[] {1, 2, 3}));
        tensors.put("scalar", new Tensor(new long[0], new float[] {7}));
        tensors.put("none", new Tensor(new long[] {0, 5}, new float[0]));
        return tensors;
    }

    private void raw(String header, int data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Files.write(
                file,
                ByteBuffer.allocate(8 + json.length + data)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(json.length)
                        .put(json)
                        .array());
    }

    private void index(Map<String, String> shards) throws IOException {
        List<String> entries = shards.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\": \"" + entry.getValue() + "\"")
                .toList();
        Files.writeString(folder.resolve(SafeTensors.INDEX), "{\"weight_map\": {" + String.join(", ", entries) + "}}");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> SafeTensors.open(folder).close())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(message);
    }

    private static byte[] bytesOf(Path file, long offset, long length) throws IOException {
        return Arrays.copyOfRange(Files.readAllBytes(file), (int) offset, (int) (offset + length));
    }
}
