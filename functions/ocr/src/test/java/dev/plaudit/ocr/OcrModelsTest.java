package dev.plaudit.ocr;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plaudit.inference.ModelException;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OcrModelsTest {
    private static final OcrModels BUNDLED = OcrModels.bundled(Arena.ofAuto());

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        write("PP-OCRv4_DET.onnx", BUNDLED.detector().onnx());
        write("cls.onnx", BUNDLED.classifier().onnx());
        write("my_rec_infer.onnx", BUNDLED.recogniser().onnx());
    }

    private void write(String name, ByteBuffer model) throws IOException {
        try (FileChannel file = FileChannel.open(folder.resolve(name), CREATE, WRITE, TRUNCATE_EXISTING)) {
            file.write(model.slice());
        }
    }

    private TextReader open() {
        return TextReader.open(OcrSettings.of(Map.of("plaudit.ocr.models", folder.toString())));
    }

    @Test
    void aFolderOfOnesOwnIsReadWithItsDictionary() throws IOException {
        Files.write(folder.resolve("keys.txt"), BUNDLED.dictionary());
        try (TextReader reader = open()) {
            assertThat(reader.read(new Drawing(400, 150, Color.WHITE).text("Hello", 60, 60, 100, Color.BLACK).picture))
                    .extracting(TextLine::text)
                    .containsExactly("Hello");
        }
    }

    @Test
    void networksAreKeptAsOptimisedForThisMachine() throws IOException {
        Path kept = Files.createDirectory(folder.resolve("optimised"));
        OcrConfig config = OcrSettings.of(
                Map.of("plaudit.ocr.models", folder.toString(), "plaudit.ocr.optimised", kept.toString()));
        BufferedImage picture = new Drawing(400, 150, Color.WHITE).text("Hello", 60, 60, 100, Color.BLACK).picture;
        List<TextLine> read;
        try (TextReader reader = open()) {
            read = reader.read(picture);
        }
        for (int start = 0; start < 2; start++) {
            try (TextReader reader = TextReader.open(config)) {
                assertThat(reader.read(picture)).isEqualTo(read);
                assertThat(kept)
                        .isDirectoryContaining(
                                file -> file.getFileName().toString().startsWith("cls.onnx-"))
                        .isDirectoryNotContaining(file -> !file.toString().endsWith(".ort"));
                assertThat(kept.toFile().list()).hasSize(3);
            }
            // From now on the model itself is of no use.
            Path model = folder.resolve("cls.onnx");
            FileTime written = Files.getLastModifiedTime(model);
            Files.write(model, new byte[(int) Files.size(model)]);
            Files.setLastModifiedTime(model, written);
        }
        Files.setLastModifiedTime(folder.resolve("cls.onnx"), FileTime.fromMillis(0));
        assertThatThrownBy(() -> TextReader.open(config))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("cls is refused");
        assertThat(kept.toFile().list()).hasSize(3);
    }

    @Test
    void aReaderThatFailsAtItsWarmUpIsClosed() throws IOException {
        Path kept = Files.createDirectory(folder.resolve("optimised"));
        write("cls.onnx", BUNDLED.recogniser().onnx());
        OcrConfig config = OcrSettings.of(
                Map.of("plaudit.ocr.models", folder.toString(), "plaudit.ocr.optimised", kept.toString()));

        assertThatThrownBy(() -> SightReader.open(config, null))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("an OCR angle classifier must answer with the probabilities of 0° and 180°");
        write("PP-OCRv4_DET.onnx", BUNDLED.classifier().onnx());
        assertThatThrownBy(() -> SightReader.open(config, null))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("an OCR detector must answer with a probability for each pixel, not with [1, 2]");

        assertThat(kept.toFile().list()).hasSize(4);
        assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain(kept.toString());
    }

    @Test
    void aFolderThatIsNotThereKeepsNothing() {
        Path kept = folder.resolve("missing");
        TextReader.open(OcrSettings.of(
                        Map.of("plaudit.ocr.models", folder.toString(), "plaudit.ocr.optimised", kept.toString())))
                .close();
        assertThat(kept).doesNotExist();
    }

    @Test
    void theRecogniserMayCarryItsCharactersItself() {
        try (Arena memory = Arena.ofConfined()) {
            assertThat(OcrModels.of(folder, memory).dictionary()).isEqualTo(BUNDLED.dictionary());
        }
    }

    @Test
    void saysWhatIsWrongWithAFolder() throws IOException {
        Files.writeString(folder.resolve("keys.txt"), "a\nb\n");
        assertThatThrownBy(this::open)
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("tells 6625 classes apart, but its dictionary has 2 characters");
        Files.writeString(folder.resolve("more.txt"), "a\nb\n");
        assertThatThrownBy(this::open).isInstanceOf(ModelException.class).hasMessageContaining("more than one");
        Files.delete(folder.resolve("more.txt"));
        Files.write(folder.resolve("my_rec_infer.onnx"), "no model".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(this::open).isInstanceOf(ModelException.class).hasMessageContaining("refused");
        Files.write(folder.resolve("cls.onnx"), new byte[0]);
        assertThatThrownBy(this::open).isInstanceOf(ModelException.class).hasMessageContaining("refused");
        Files.delete(folder.resolve("cls.onnx"));
        assertThatThrownBy(this::open).isInstanceOf(ModelException.class).hasMessageContaining("holds no *cls*.onnx");
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> OcrModels.of(missing, Arena.ofAuto())).isInstanceOf(ModelException.class);
    }

    /** The networks are opened side by side: memory that one still reads must not be given back for another's fault. */
    @RepeatedTest(20)
    void oneRefusedNetworkWaitsForTheOthers() throws IOException {
        Files.write(folder.resolve("cls.onnx"), "no model".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(this::open).isInstanceOf(ModelException.class).hasMessageContaining("cls is refused");
    }
}
