package dev.plaudit.training.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript file as {@code torch.jit.save} writes it: a zip of uncompressed entries that holds a module's pickled
 * attributes and the source of its methods. The module here has no weights; its methods take them as arguments.
 *
 * @see <a href="https://github.com/pytorch/pytorch/blob/main/torch/csrc/jit/docs/serialization.md">TorchScript
 *     serialization</a>
 */
final class TorchScriptArchive {
    /** The newest operator version of the format that PyTorch 2 writes. */
    private static final String VERSION = "10\n";

    private static final String HEADER = """
            class %s(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
            """;

    private TorchScriptArchive() {}

    /**
     * The archive of a module without weights.
     *
     * @param name the module's class name, by which its methods type their {@code self} as {@code __torch__.<name>}
     * @param methods the methods in TorchScript's serialized form, indented by two spaces
     */
    static byte[] of(String name, String methods) {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            zip.setMethod(ZipOutputStream.STORED);
            store(zip, "module/data.pkl", moduleWithoutState(name));
            store(zip, "module/code/__torch__.py", utf8(HEADER.formatted(name) + methods));
            store(zip, "module/constants.pkl", emptyTuple());
            store(zip, "module/version", utf8(VERSION));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return archive.toByteArray();
    }

    /** The pickle, protocol 2, of {@code __torch__.<name>()} with the state {@code {"training": False}}. */
    private static byte[] moduleWithoutState(String name) {
        byte[] global = utf8("c__torch__\n" + name + "\n");
        byte[] key = utf8("training");
        ByteBuffer pickle = ByteBuffer.allocate(global.length + key.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        pickle.put((byte) 0x80).put((byte) 2).put(global).put(utf8(")")).put((byte) 0x81);
        pickle.put(utf8("}(X")).putInt(key.length).put(key).put((byte) 0x89);
        pickle.put(utf8("ub."));
        return Arrays.copyOf(pickle.array(), pickle.position());
    }

    private static byte[] emptyTuple() {
        return new byte[] {(byte) 0x80, 2, ')', '.'};
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
