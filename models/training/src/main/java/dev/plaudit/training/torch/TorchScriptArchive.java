package dev.plaudit.training.torch;

import dev.plaudit.inference.safetensors.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript file as {@code torch.jit.save} writes it: a zip of uncompressed entries that holds a module's pickled
 * attributes, the tensors among them, and the source of its methods.
 *
 * @see <a href="https://github.com/pytorch/pytorch/blob/main/torch/csrc/jit/docs/serialization.md">TorchScript
 *     serialization</a>
 */
public final class TorchScriptArchive {
    /** The newest operator version of the format that PyTorch 2 writes. */
    private static final String VERSION = "10\n";

    private static final String HEADER = """
            class %s(Module):
              __parameters__ = []
              __buffers__ = [%s]
              training : bool
            """;

    private TorchScriptArchive() {}

    /** The archive of a module without tensors, whose methods take them as arguments. */
    static byte[] of(String name, String methods) {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try {
            write(name, methods, new LinkedHashMap<>(), archive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return archive.toByteArray();
    }

    /**
     * Writes the archive of a module.
     *
     * @param name the module's class name, by which its methods type their {@code self} as {@code __torch__.<name>}
     * @param methods the methods in TorchScript's serialized form, indented by two spaces
     * @param buffers the module's tensors by name, as methods read them from {@code self}; stored in single precision
     * @param out stays open
     */
    public static void write(String name, String methods, SequencedMap<String, Tensor> buffers, OutputStream out)
            throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.setMethod(ZipOutputStream.STORED);
        String names =
                buffers.keySet().stream().map(buffer -> "\"" + buffer + "\", ").collect(Collectors.joining());
        String types = buffers.keySet().stream()
                .map(buffer -> "  " + buffer + " : Tensor\n")
                .collect(Collectors.joining());
        store(zip, "module/data.pkl", module(name, buffers));
        store(zip, "module/code/__torch__.py", utf8(HEADER.formatted(name, names) + types + methods));
        int storage = 0;
        for (Tensor buffer : buffers.values()) {
            store(zip, "module/data/" + storage++, littleEndian(buffer.values()));
        }
        store(zip, "module/constants.pkl", new Pickle().emptyTuple().end());
        store(zip, "module/version", utf8(VERSION));
        zip.finish();
    }

    /** The pickle of {@code __torch__.<name>()} with its state. */
    private static byte[] module(String name, SequencedMap<String, Tensor> buffers) {
        Pickle pickle = new Pickle();
        pickle.global("__torch__", name).emptyTuple().newObject();
        pickle.emptyDictionary().mark();
        pickle.text("training").bool(false);
        int storage = 0;
        for (Map.Entry<String, Tensor> buffer : buffers.entrySet()) {
            pickle.text(buffer.getKey());
            tensor(pickle, storage++, buffer.getValue());
        }
        return pickle.setItems().build().end();
    }

    /** {@code torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)}. */
    private static void tensor(Pickle pickle, int storage, Tensor tensor) {
        pickle.global("torch._utils", "_rebuild_tensor_v2").mark();
        pickle.mark().text("storage").global("torch", "FloatStorage").text(Integer.toString(storage));
        pickle.text("cpu").integer(tensor.values().length).tuple().persistent();
        pickle.integer(0).mark();
        for (long extent : tensor.shape()) {
            pickle.integer(Math.toIntExact(extent));
        }
        pickle.tuple().mark();
        long stride = tensor.values().length;
        for (long extent : tensor.shape()) {
            stride /= extent;
            pickle.integer(Math.toIntExact(stride));
        }
        pickle.tuple().bool(false);
        pickle.global("collections", "OrderedDict").emptyTuple().call();
        pickle.tuple().call();
    }

    private static byte[] littleEndian(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
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
