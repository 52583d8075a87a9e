package dev.plaudit.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plaudit.media.MediaConfig;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A copy of the captioner that ships, opened with settings of its own. */
class PictureCaptionerTest {
    private static final Path MAPS = Path.of("/proc/self/maps");

    @TempDir
    Path folder;

    @Test
    @EnabledOnOs(OS.LINUX)
    void aModelThatIsNotServedAfterAllIsClosed() throws IOException {
        try (Stream<Path> files =
                Files.list(Path.of(System.getProperty("plaudit.root"), "models/pretrained/caption"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        try (PictureCaptioner served = open(8)) {
            assertThat(Files.readString(MAPS)).contains(folder.toString());
        }
        assertThatIllegalArgumentException().isThrownBy(() -> open(0));
        assertThat(Files.readString(MAPS)).doesNotContain(folder.toString());
    }

    private PictureCaptioner open(int maxBatch) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(CaptionConfig.class)
                .withMapping(MediaConfig.class)
                .withDefaultValue("plaudit.caption.model", folder.toString())
                .withDefaultValue("plaudit.caption.max-batch", Integer.toString(maxBatch))
                .build();
        return PictureCaptioner.open(
                config.getConfigMapping(CaptionConfig.class), config.getConfigMapping(MediaConfig.class));
    }
}
