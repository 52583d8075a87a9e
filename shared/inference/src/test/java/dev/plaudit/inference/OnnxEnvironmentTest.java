package dev.plaudit.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.inference.classification.TextClassifier;
import dev.plaudit.inference.distilbert.RandomDistilBert;
import dev.plaudit.inference.onnx.ffi.NativeSession;
import dev.plaudit.inference.safetensors.DType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxEnvironmentTest {
    private static final Duration WORK_IN_HAND = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    /** A process that is asked to stop and goes on with its work meanwhile. */
    static final class Stopping {
        public static void main(String[] arguments) {
            Path model = Path.of(arguments[0]);
            TextClassifier classifier = TextClassifier.open(model, InferenceOptions.DEFAULT);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                long end = System.nanoTime() + WORK_IN_HAND.toNanos();
                while (System.nanoTime() < end) {
                    classifier.classify(List.of("work in hand"));
                    TextClassifier.open(model, InferenceOptions.DEFAULT).close();
                }
                classifier.close();
                System.out.println("finished");
            }));
        }
    }

    /** Opens it by the other way, where nothing tells ONNX Runtime to be quiet. */
    static final class Opening {
        public static void main(String[] arguments) throws Exception {
            Class.forName(NativeSession.class.getName());
            System.out.println("finished");
        }
    }

    @Test
    void workInHandIsFinishedWhileTheProcessStops() throws Exception {
        RandomDistilBert.SMALL.write(folder, DType.F32);
        assertFinishes(Stopping.class);
    }

    @Test
    void onnxRuntimeKeepsNoIdOfTheMachineAndReportsToNobody() throws Exception {
        assertFinishes(Opening.class);
        assertThat(folder).isEmptyDirectory();
    }

    private void assertFinishes(Class<?> program) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:ErrorFile=" + folder.resolve("crash.log"),
                        "-Dplaudit.native=" + System.getProperty(NativeLibraries.FOLDER),
                        program.getName(),
                        folder.toString())
                .redirectErrorStream(true);
        // Not on the command line: ONNX Runtime 1.29 crashes at start when it is some thousand characters long.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put("HOME", folder.toString());
        builder.environment().remove("ORT_DISABLE_TELEMETRY");
        Process process = builder.start();
        assertThat(process.inputReader().lines()).contains("finished");
        assertThat(process.waitFor()).isZero();
    }
}
