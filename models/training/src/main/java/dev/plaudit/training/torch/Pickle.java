package dev.plaudit.training.torch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A Python pickle of protocol 2, opcode by opcode.
 *
 * @see <a href="https://docs.python.org/3/library/pickletools.html">pickletools</a>
 */
final class Pickle {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Pickle() {
        op(0x80).write(2);
    }

    private ByteArrayOutputStream op(int code) {
        bytes.write(code);
        return bytes;
    }

    /** GLOBAL: a class or function by its module and name. */
    Pickle global(String module, String name) {
        op('c').writeBytes(utf8(module + "\n" + name + "\n"));
        return this;
    }

    /** BINUNICODE. */
    Pickle text(String text) {
        byte[] utf8 = utf8(text);
        op('X').writeBytes(littleEndian(utf8.length));
        bytes.writeBytes(utf8);
        return this;
    }

    /** BININT. */
    Pickle integer(int value) {
        op('J').writeBytes(littleEndian(value));
        return this;
    }

    /** NEWTRUE or NEWFALSE. */
    Pickle bool(boolean value) {
        op(value ? 0x88 : 0x89);
        return this;
    }

    Pickle emptyTuple() {
        op(')');
        return this;
    }

    Pickle emptyDictionary() {
        op('}');
        return this;
    }

    Pickle mark() {
        op('(');
        return this;
    }

    /** TUPLE: of all since the mark. */
    Pickle tuple() {
        op('t');
        return this;
    }

    /** SETITEMS: all since the mark, keys and values in turn, into the dictionary before it. */
    Pickle setItems() {
        op('u');
        return this;
    }

    /** NEWOBJ: of a class and its arguments. */
    Pickle newObject() {
        op(0x81);
        return this;
    }

    /** REDUCE: calls a function with a tuple. */
    Pickle call() {
        op('R');
        return this;
    }

    /** BUILD: gives an object its state. */
    Pickle build() {
        op('b');
        return this;
    }

    /** BINPERSID: what the tuple stands for lies elsewhere. */
    Pickle persistent() {
        op('Q');
        return this;
    }

    /** STOP: the whole pickle. */
    byte[] end() {
        op('.');
        return bytes.toByteArray();
    }

    private static byte[] littleEndian(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
