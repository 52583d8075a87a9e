package dev.plaudit.trees;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Tells whether bytes are one whole object in universal binary JSON. XGBoost believes the lengths in its files: of one that
 * was cut off it may ask for all the memory that there is.
 *
 * @see <a href="https://ubjson.org">UBJSON, draft 12</a>
 */
final class UniversalBinaryJson {
    private static final int MAX_DEPTH = 64;

    /** Types whose values take no bytes: an array of them could be of any length. XGBoost writes none. */
    private static final String TAKE_NO_BYTES = "ZNTF";

    private final ByteBuffer bytes;

    private UniversalBinaryJson(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    static boolean isWholeObject(byte[] bytes) {
        UniversalBinaryJson json = new UniversalBinaryJson(bytes);
        try {
            return json.bytes.get() == '{' && json.container('}', 0) && !json.bytes.hasRemaining();
        } catch (BufferUnderflowException e) {
            return false;
        }
    }

    private boolean value(byte type, int depth) {
        return switch (type) {
            case 'Z', 'N', 'T', 'F' -> true;
            case 'i', 'U', 'C' -> skip(1);
            case 'I' -> skip(2);
            case 'l', 'd' -> skip(4);
            case 'L', 'D' -> skip(8);
            case 'S', 'H' -> skip(length());
            case '{' -> depth < MAX_DEPTH && container('}', depth + 1);
            case '[' -> depth < MAX_DEPTH && container(']', depth + 1);
            default -> false;
        };
    }

    /** What follows the opening mark: the type of all values if they share one, their number if it is known, the values. */
    private boolean container(char end, int depth) {
        byte type = 0;
        if (next() == '$') {
            bytes.get();
            type = bytes.get();
            if (next() != '#' || TAKE_NO_BYTES.indexOf(type) >= 0) {
                return false;
            }
        }
        long count = Long.MAX_VALUE;
        if (next() == '#') {
            bytes.get();
            count = length();
            if (count < 0) {
                return false;
            }
        }
        for (long i = 0; i < count; i++) {
            if (count == Long.MAX_VALUE && next() == end) {
                bytes.get();
                return true;
            }
            if (end == '}' && !skip(length()) || !value(type == 0 ? bytes.get() : type, depth)) {
                return false;
            }
        }
        return true;
    }

    private byte next() {
        if (!bytes.hasRemaining()) {
            throw new BufferUnderflowException();
        }
        return bytes.get(bytes.position());
    }

    /** A whole number with its type before it; -1 for anything else. */
    private long length() {
        return switch (bytes.get()) {
            case 'i' -> bytes.get();
            case 'U' -> Byte.toUnsignedInt(bytes.get());
            case 'I' -> bytes.getShort();
            case 'l' -> bytes.getInt();
            case 'L' -> bytes.getLong();
            default -> -1;
        };
    }

    private boolean skip(long count) {
        if (count < 0 || count > bytes.remaining()) {
            return false;
        }
        bytes.position(bytes.position() + (int) count);
        return true;
    }
}
