package dev.plaudit.inference.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.plaudit.inference.ModelException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The checked header of one file: no tensor of it lies outside the file or inside another. */
record Header(List<TensorInfo> tensors, Map<String, String> metadata) {
    /** The format's own limit, in bytes. */
    static final int MAX_LENGTH = 100_000_000;

    static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final String METADATA = "__metadata__";
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** @param file the file's real path, which the tensors keep and the messages name */
    static Header read(Path file, MemorySegment bytes) {
        if (bytes.byteSize() < LENGTH.byteSize()) {
            throw new ModelException(file + " is too short to be a safetensors file");
        }
        long length = bytes.get(LENGTH, 0);
        if (length < 2 || length > MAX_LENGTH || length > bytes.byteSize() - LENGTH.byteSize()) {
            throw new ModelException(file + " is no safetensors file or is cut off: its header claims " + length
                    + " bytes of a file of " + bytes.byteSize());
        }
        JsonNode root = parse(file, bytes.asSlice(LENGTH.byteSize(), length).toArray(ValueLayout.JAVA_BYTE));
        long start = LENGTH.byteSize() + length;
        List<TensorInfo> tensors = new ArrayList<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (entry.getKey().equals(METADATA)) {
                entry.getValue()
                        .properties()
                        .forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
            } else {
                tensors.add(tensor(file, entry.getKey(), entry.getValue(), start));
            }
        }
        requireContiguous(file, tensors, start, bytes.byteSize());
        return new Header(tensors, metadata);
    }

    private static JsonNode parse(Path file, byte[] json) {
        try {
            JsonNode root = JSON.readTree(new String(json, StandardCharsets.UTF_8));
            if (root.isObject()) {
                return root;
            }
            throw new ModelException(file + " has a header that is no JSON object");
        } catch (JsonProcessingException e) {
            throw new ModelException(
                    file + " has a header that is no valid JSON: "
                            + e.getOriginalMessage().lines().findFirst().orElse("unreadable"),
                    e);
        }
    }

    private static TensorInfo tensor(Path file, String name, JsonNode entry, long start) {
        DType dtype = dtype(file, name, entry.path("dtype").asText());
        long[] shape = longs(file, name, "shape", entry.path("shape"));
        long[] offsets = longs(file, name, "data_offsets", entry.path("data_offsets"));
        if (offsets.length != 2 || offsets[1] < offsets[0] || offsets[1] > Long.MAX_VALUE - start) {
            throw new ModelException(file + ": tensor " + name + " has data_offsets that are no range");
        }
        long length = offsets[1] - offsets[0];
        long expected = dtype.bytes();
        try {
            for (long size : shape) {
                expected = Math.multiplyExact(expected, size);
            }
        } catch (ArithmeticException e) {
            throw new ModelException(file + ": tensor " + name + " has a shape too large to exist", e);
        }
        if (length != expected) {
            throw new ModelException(file + ": tensor " + name + " takes " + length + " bytes, but its shape and type "
                    + "need " + expected);
        }
        return new TensorInfo(name, dtype, shape, file, start + offsets[0], length);
    }

    private static DType dtype(Path file, String name, String dtype) {
        try {
            return DType.valueOf(dtype);
        } catch (IllegalArgumentException e) {
            throw new ModelException(
                    file + ": tensor " + name + " has an element type that is not supported: " + dtype, e);
        }
    }

    private static long[] longs(Path file, String name, String field, JsonNode array) {
        if (!array.isArray()) {
            throw notNatural(file, name, field);
        }
        long[] values = new long[array.size()];
        for (int i = 0; i < values.length; i++) {
            JsonNode value = array.get(i);
            if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
                throw notNatural(file, name, field);
            }
            values[i] = value.longValue();
        }
        return values;
    }

    private static ModelException notNatural(Path file, String name, String field) {
        return new ModelException(
                file + ": tensor " + name + " has a " + field + " that is no list of natural numbers");
    }

    /** The format's rule: the data is indexed entirely, without holes and without overlap. */
    private static void requireContiguous(Path file, List<TensorInfo> tensors, long start, long size) {
        long end = start;
        String previous = "the header";
        for (TensorInfo tensor : tensors.stream()
                .sorted(Comparator.comparingLong(TensorInfo::offset).thenComparingLong(TensorInfo::length))
                .toList()) {
            if (tensor.offset() < end) {
                throw new ModelException(file + ": tensor " + tensor.name() + " overlaps " + previous);
            }
            if (tensor.offset() > end) {
                throw new ModelException(
                        file + ": bytes between " + previous + " and tensor " + tensor.name() + " belong to no tensor");
            }
            end = tensor.offset() + tensor.length();
            if (end > size) {
                throw new ModelException(file + " is cut off: tensor " + tensor.name() + " ends at byte " + end
                        + ", the file at byte " + size);
            }
            previous = "tensor " + tensor.name();
        }
        if (end != size) {
            throw new ModelException(file + ": the last " + (size - end) + " bytes belong to no tensor");
        }
    }
}
