package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/**
 * A vector that a model made of a text, compact enough to travel in an event: IEEE 754 half precision, little-endian,
 * Base64.
 */
public record Embedding(@JsonValue String base64) {
    @JsonCreator
    public Embedding {
        try {
            if (base64 == null || Base64.getDecoder().decode(base64).length % Short.BYTES != 0) {
                throw new IllegalArgumentException();
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidFieldException("embedding", "must be the Base64 of little-endian half-precision numbers");
        }
    }

    public static Embedding of(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putShort(Float.floatToFloat16(value));
        }
        return new Embedding(Base64.getEncoder().encodeToString(bytes.array()));
    }

    /** The values, widened to single precision; a new array at each call. */
    public float[] values() {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / Short.BYTES];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.float16ToFloat(bytes.getShort());
        }
        return values;
    }
}
