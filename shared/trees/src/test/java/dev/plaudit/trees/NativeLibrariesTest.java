package dev.plaudit.trees;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Each test starts a JVM of its own: a native library is loaded once. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class NativeLibrariesTest {
    @TempDir
    Path natives;

    @TempDir
    Path temporary;

    @TempDir
    Path models;

    /** Prints the prediction for a row of zeros, and what was unpacked to predict it. */
    static final class Predict {
        public static void main(String[] arguments) throws IOException {
            try (XgboostModel model = XgboostModel.open(Path.of(arguments[0]));
                    Stream<Path> unpacked = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
                System.out.println(model.predict(new float[model.featureCount()]));
                System.out.println(
                        unpacked.filter(file -> file.toString().endsWith(".so")).count());
            } catch (TreeModelException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    /** The same, after a head start whose failure nobody heard of. */
    static final class HeadStart {
        public static void main(String[] arguments) throws IOException {
            try {
                NativeLibraries.load();
            } catch (TreeModelException e) {
                Predict.main(arguments);
            }
        }
    }

    @Test
    void aLibraryThatLiesUnpackedIsUsedWhereItLies() throws Exception {
        try (InputStream library = XgboostModel.class.getResourceAsStream("/lib/linux/x86_64/libxgboost4j.so")) {
            Files.copy(library, natives.resolve("libxgboost4j.so"));
        }
        assertThat(predict("-Dplaudit.native=" + natives)).containsExactly(expected(), "0");
    }

    @Test
    void withoutTheLibraryInTheFolderXgboostUnpacksItsOwn() throws Exception {
        assertThat(predict("-Dplaudit.native=" + natives)).containsExactly(expected(), "1");
        assertThat(predict("-Dnothing=set")).containsExactly(expected(), "1");
    }

    @Test
    void aDamagedLibraryIsNamed() throws Exception {
        Files.writeString(natives.resolve("libxgboost4j.so"), "no library");
        for (Class<?> program : List.of(Predict.class, HeadStart.class)) {
            assertThat(predict(program, "-Dplaudit.native=" + natives))
                    .singleElement()
                    .asString()
                    .startsWith("Native library %s cannot be loaded:".formatted(natives.resolve("libxgboost4j.so")));
        }
    }

    private static byte[] model() {
        return TreeFixtures.xgboost(new Random(1), 3, 5);
    }

    private static String expected() {
        try (XgboostModel model = XgboostModel.of(model())) {
            return String.valueOf(model.predict(new float[3]));
        }
    }

    private List<String> predict(String property) throws IOException, InterruptedException {
        return predict(Predict.class, property);
    }

    private List<String> predict(Class<?> program, String property) throws IOException, InterruptedException {
        Path file = Files.write(models.resolve("model.ubj"), model());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                property,
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                file.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines = process.inputReader().lines().toList();
        process.waitFor();
        return lines;
    }
}
