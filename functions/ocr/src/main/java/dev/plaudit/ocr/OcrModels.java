package dev.plaudit.ocr;

import dev.plaudit.inference.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The three networks of PP-OCR as ONNX models, and the characters that the recogniser knows.
 *
 * @param name what to call them in messages
 * @param detector finds lines (DB: Liao et al. 2020, Real-time Scene Text Detection with Differentiable Binarization)
 * @param classifier tells 0° from 180°
 * @param recogniser reads a line (CTC)
 * @param dictionary the recogniser's characters, in the order of its classes, without blank and space
 */
record OcrModels(String name, byte[] detector, byte[] classifier, byte[] recogniser, List<String> dictionary) {
    private static final String BUNDLED = "/models/";

    /** PP-OCRv4 (Chinese and English), from the class path. */
    static OcrModels bundled() {
        return new OcrModels(
                "PP-OCRv4",
                resource("ch_PP-OCRv4_det_infer.onnx"),
                resource("ch_ppocr_mobile_v2.0_cls_infer.onnx"),
                resource("ch_PP-OCRv4_rec_infer.onnx"),
                lines(new String(resource("ppocr_keys_v1.txt"), java.nio.charset.StandardCharsets.UTF_8)));
    }

    /**
     * The models of a folder: the files ending in {@code .onnx} whose names contain {@code det}, {@code cls} and
     * {@code rec}, and a {@code .txt} with one character a line unless the recogniser carries them.
     *
     * @throws ModelException when one is missing or there are several
     */
    static OcrModels of(Path folder) {
        try {
            Optional<Path> keys = only(folder, "", ".txt");
            byte[] recogniser = Files.readAllBytes(required(folder, "rec"));
            return new OcrModels(
                    folder.toString(),
                    Files.readAllBytes(required(folder, "det")),
                    Files.readAllBytes(required(folder, "cls")),
                    recogniser,
                    lines(keys.isPresent() ? Files.readString(keys.get()) : characters(folder, recogniser)));
        } catch (IOException e) {
            throw new ModelException(folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<String> lines(String keys) {
        return keys.lines().toList();
    }

    /** The characters that a recogniser carries itself, as those converted by RapidOCR do. */
    private static String characters(Path folder, byte[] recogniser) {
        return Optional.ofNullable(ModelMetadata.of(recogniser).get("character"))
                .orElseThrow(() ->
                        new ModelException(folder + " holds no dictionary (.txt), and the recogniser carries none"));
    }

    private static Path required(Path folder, String part) throws IOException {
        return only(folder, part, ".onnx")
                .orElseThrow(() -> new ModelException(folder + " holds no *" + part + "*.onnx"));
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

    private static byte[] resource(String name) {
        try (InputStream in = OcrModels.class.getResourceAsStream(BUNDLED + name)) {
            if (in == null) {
                throw new ModelException("the class path lacks the OCR model " + BUNDLED + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ModelException("the OCR model " + name + " cannot be read", e);
        }
    }
}
