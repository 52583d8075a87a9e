package dev.plaudit.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.local.CommandLineTest.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
    @TempDir
    Path folder;

    @Test
    void goingOnWithOtherSettingsIsBadInput() throws IOException {
        Path data = Posts.labeled(folder);

        Run begun = train(data, "--epochs=1");
        Run other = train(data, "--epochs=2", "--resume");

        assertThat(begun.status()).as(begun.err()).isZero();
        assertThat(other.status()).as(other.err()).isEqualTo(Plaudit.BAD_INPUT);
        assertThat(other.err()).contains("was started with other settings: use the same, or an empty folder.");
    }

    @Test
    void sizesAreRefusedBesideACheckpointThatHasItsOwn() throws Exception {
        Run run = train(Posts.labeled(folder), "--from=" + folder);

        assertThat(run.status()).isEqualTo(Plaudit.BAD_INPUT);
        assertThat(run.err()).contains("--dim, --layers, --vocabulary would have no effect with --from");
    }

    @Test
    void saysHowManyPostsASplitByTimeLeavesOut() throws IOException {
        Path data = Posts.labeled(folder);
        Files.writeString(data, "oven1,Oven & Co,,A loaf of no date,3\n".repeat(2), StandardOpenOption.APPEND);

        Run byTime = train(data, "--epochs=1", "--split=time");
        Run random = train(data, "--epochs=1");

        assertThat(byTime.status()).as(byTime.err()).isZero();
        assertThat(byTime.err()).contains("2 posts have no date: a split by time leaves them out");
        assertThat(random.err()).doesNotContain("no date");
    }

    @Test
    void modelsThatDoNotGoTogetherCannotBeEvaluated() throws IOException {
        Path data = Posts.labeled(folder);
        train(data, "--epochs=1");
        System.setProperty("plaudit.home", System.getProperty("plaudit.root"));
        try {
            Run run = Run.of("evaluate", "--data=" + data, "--bucket-model=" + folder.resolve("bucket"));

            assertThat(run.status()).isEqualTo(Plaudit.BAD_INPUT);
            assertThat(run.err()).contains("the likes model was trained with another classifier");
        } finally {
            System.clearProperty("plaudit.classify.model");
        }
    }

    private Run train(Path data, String... options) {
        return Run.of(Stream.concat(
                        Stream.of(
                                "train",
                                "bucket",
                                "--data=" + data,
                                "--out=" + folder.resolve("bucket"),
                                "--layers=1",
                                "--dim=16",
                                "--vocabulary=300"),
                        Stream.of(options))
                .toArray(String[]::new));
    }
}
