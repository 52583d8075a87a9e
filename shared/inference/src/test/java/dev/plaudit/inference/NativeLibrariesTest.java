package dev.plaudit.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NativeLibrariesTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void theLibrariesAreLoadedFromTheFolder() throws IOException {
        OnnxEnvironment.get();
        TextTokenizer.open(Path.of("src/test/resources/dev/plaudit/inference"), 102, 8)
                .close();
        String folder = System.getProperty(NativeLibraries.FOLDER);
        assertThat(Files.readString(Path.of("/proc/self/maps")))
                .contains(folder + "/libonnxruntime.so", folder + "/libtokenizers.so");
    }
}
