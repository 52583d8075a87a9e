package dev.plaudit.ocr;

import dev.plaudit.inference.ModelException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The three networks of PP-OCR as ONNX models, and the characters that the recogniser knows. The networks lie outside the
 * heap, which a start would else collect three times over.
 *
 * @param name what to call them in messages
 * @param detector finds lines (DB: Liao et al. 2020, Real-time Scene Text Detection with Differentiable Binarization)
 * @param classifier tells 0° from 180°
 * @param recogniser reads a line (CTC)
 * @param dictionary the recogniser's characters, in the order of its classes, without blank and space
 */
record OcrModels(
        String name, NetworkModel detector, NetworkModel classifier, NetworkModel recogniser, List<String> dictionary) {
    private static final String BUNDLED = "PP-OCRv4";

    /**
     * PP-OCRv4 (Chinese and English), from the class path.
     *
     * @param memory where they are to lie
     */
    static OcrModels bundled(Arena memory) {
        ByteBuffer dictionary = resource("ppocr_keys_v1.txt", memory);
        return new OcrModels(
                BUNDLED,
                bundled("det", "ch_PP-OCRv4_det_infer.onnx", memory),
                bundled("cls", "ch_ppocr_mobile_v2.0_cls_infer.onnx", memory),
                bundled("rec", "ch_PP-OCRv4_rec_infer.onnx", memory),
                lines(StandardCharsets.UTF_8.decode(dictionary).toString()));
    }

    /**
     * The models of a folder: the files ending in {@code .onnx} whose names contain {@code det}, {@code cls} and
     * {@code rec}, and a {@code .txt} with one character a line unless the recogniser carries them.
     *
     * @param memory where they are to lie
     * @throws ModelException when one is missing or there are several
     */
    static OcrModels of(Path folder, Arena memory) {
        if (!Files.isDirectory(folder)) {
            throw new ModelException(folder + " is no folder");
        }
        try {
            Optional<Path> keys = only(folder, "", ".txt");
            NetworkModel recogniser = required(folder, "rec", memory);
            return new OcrModels(
                    folder.toString(),
                    required(folder, "det", memory),
                    required(folder, "cls", memory),
                    recogniser,
                    lines(keys.isPresent() ? Files.readString(keys.get()) : characters(folder, recogniser.onnx())));
        } catch (IOException e) {
            throw new ModelException(folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<String> lines(String keys) {
        return keys.lines().toList();
    }

    /** The characters that a recogniser carries itself, as those converted by RapidOCR do. */
    private static String characters(Path folder, ByteBuffer recogniser) {
        return Optional.ofNullable(ModelMetadata.of(recogniser).get("character"))
                .orElseThrow(() ->
                        new ModelException(folder + " holds no dictionary (.txt), and the recogniser carries none"));
    }

    private static NetworkModel required(Path folder, String part, Arena memory) throws IOException {
        Path file = only(folder, part, ".onnx")
                .orElseThrow(() -> new ModelException(folder + " holds no *" + part + "*.onnx"));
        return new NetworkModel(folder + " " + part, NetworkModel.mapped(file, memory), Optional.of(file));
    }

    private static Optional<Path> only(Path folder, String part, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(file -> {
                        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
                        return name.endsWith(ending) && name.contains(part);
                    })
                    .sorted()
                    .toList();
            if (found.size() > 1) {
                throw new ModelException(folder + " holds more than one *" + part + "*" + ending + ": "
                        + found.getFirst().getFileName() + ", " + found.get(1).getFileName());
            }
            return found.stream().findFirst();
        }
    }

    private static NetworkModel bundled(String part, String resource, Arena memory) {
        return new NetworkModel(BUNDLED + " " + part, resource(resource, memory), Optional.empty());
    }

    private static ByteBuffer resource(String name, Arena memory) {
        URL resource = OcrModels.class.getResource("/models/" + name);
        if (resource == null) {
            throw new ModelException("the class path lacks the OCR model " + name);
        }
        try {
            URLConnection connection = resource.openConnection();
            try (ReadableByteChannel in = Channels.newChannel(connection.getInputStream())) {
                ByteBuffer bytes =
                        memory.allocate(connection.getContentLengthLong()).asByteBuffer();
                while (bytes.hasRemaining() && in.read(bytes) >= 0) {}
                return bytes.flip();
            }
        } catch (IOException e) {
            throw new ModelException("the OCR model " + name + " cannot be read", e);
        }
    }
}
