package dev.plaudit.ocr;

import dev.plaudit.inference.ModelException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What the maker of an ONNX model wrote beside its graph: {@code ModelProto.metadata_props}. Read here because ONNX
 * Runtime's Java binding garbles characters beyond the basic plane, of which a dictionary has some.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the wire format</a>
 */
final class ModelMetadata {
    private static final int METADATA_PROPS = 14;
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;

    private ModelMetadata() {}

    /** @throws ModelException when the bytes are no protobuf message */
    static Map<String, String> of(ByteBuffer model) {
        Map<String, String> metadata = new HashMap<>();
        try {
            ByteBuffer message = model.slice();
            while (message.hasRemaining()) {
                long tag = varint(message);
                ByteBuffer value = value(message, (int) tag & 7);
                if (tag >>> 3 == METADATA_PROPS) {
                    varint(value);
                    String key = text(value(value, LENGTH_DELIMITED));
                    varint(value);
                    metadata.put(key, text(value(value, LENGTH_DELIMITED)));
                }
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new ModelException("an OCR model is no ONNX file", e);
        }
        return metadata;
    }

    private static ByteBuffer value(ByteBuffer message, int wireType) {
        if (wireType == VARINT) {
            varint(message);
            return ByteBuffer.allocate(0);
        }
        long length =
                switch (wireType) {
                    case FIXED_64 -> Long.BYTES;
                    case LENGTH_DELIMITED -> varint(message);
                    case FIXED_32 -> Integer.BYTES;
                    default -> throw new IllegalArgumentException("unknown wire type " + wireType);
                };
        if (length < 0 || length > message.remaining()) {
            throw new IllegalArgumentException("a field longer than the message");
        }
        ByteBuffer value = message.slice(message.position(), (int) length);
        message.position(message.position() + (int) length);
        return value;
    }

    private static long varint(ByteBuffer message) {
        long value = 0;
        int shift = 0;
        byte next;
        do {
            next = message.get();
            value |= (next & 0x7FL) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }
}
