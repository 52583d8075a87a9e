package dev.plaudit.knative;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No image can be built by a test; what the files say is held to the rules, and to the scripts that tests do run. */
class ContainerfilesTest {
    private static final Path ROOT = Path.of(System.getProperty("plaudit.root"));

    private record Instruction(String name, String arguments) {}

    private record Containerfile(Path file, List<Instruction> instructions) {
        static Containerfile read(Path file) throws IOException {
            String text = Files.readString(file).replaceAll("(?m)^#.*\\R", "").replaceAll("\\\\\\R\\s*", "");
            return new Containerfile(
                    file,
                    text.lines()
                            .filter(line -> !line.isBlank())
                            .map(line -> line.split(" ", 2))
                            .map(parts -> new Instruction(parts[0], parts[1]))
                            .toList());
        }

        List<String> all(String name) {
            return instructions.stream()
                    .filter(instruction -> instruction.name().equals(name))
                    .map(Instruction::arguments)
                    .toList();
        }

        List<Instruction> lastStage() {
            int from = instructions.stream().map(Instruction::name).toList().lastIndexOf("FROM");
            return instructions.subList(from, instructions.size());
        }

        @Override
        public String toString() {
            return file.getFileName().toString();
        }
    }

    static Stream<Containerfile> files() throws IOException {
        Path images = ROOT.resolve("knative/images");
        return Stream.of(
                Containerfile.read(images.resolve("Containerfile.cpu")),
                Containerfile.read(images.resolve("Containerfile.gpu")));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyInstructionIsOne(Containerfile file) {
        assertThat(file.instructions())
                .extracting(Instruction::name)
                .isSubsetOf("FROM", "ARG", "WORKDIR", "COPY", "RUN", "LABEL", "USER", "EXPOSE", "ENTRYPOINT", "ENV");
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyBaseIsPinnedToATag(Containerfile file) {
        List<String> stages = file.all("FROM").stream()
                .filter(from -> from.contains(" AS "))
                .map(from -> from.substring(from.indexOf(" AS ") + 4))
                .toList();
        assertThat(file.all("FROM").stream().map(from -> from.split(" ")[0]).filter(image -> !stages.contains(image)))
                .isNotEmpty()
                .allMatch(image -> image.matches("docker\\.io/[a-z/-]+:[a-z0-9.-]*\\d[a-z0-9.-]*"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatIsCopiedFromTheRepositoryIsThere(Containerfile file) {
        assertThat(file.all("COPY").stream()
                        .filter(copy -> !copy.startsWith("--from"))
                        .map(copy -> ROOT.resolve(copy.split(" ")[0])))
                .isNotEmpty()
                .allMatch(Files::exists);
    }

    @ParameterizedTest
    @MethodSource("files")
    void theProcessIsThatOfTheManifestsUserAndNeedsNoShell(Containerfile file) throws Exception {
        var security = Overlay.container(Overlay.of("gpu").function("classify")).getSecurityContext();

        assertThat(file.lastStage())
                .contains(new Instruction("USER", security.getRunAsUser() + ":" + security.getRunAsGroup()))
                .extracting(Instruction::name)
                .doesNotContain("RUN", "CMD");
        assertThat(entrypoint(file)).startsWith("java");
    }

    private static List<String> entrypoint(Containerfile file) throws IOException {
        assertThat(file.all("ENTRYPOINT")).hasSize(1);
        return new ObjectMapper()
                .readerForListOf(String.class)
                .readValue(file.all("ENTRYPOINT").getFirst());
    }

    /** Another flag than those of the recording, and the JVM refuses the cache. */
    @ParameterizedTest
    @MethodSource("files")
    void theJvmStartsAsItWasRecorded(Containerfile file) throws IOException {
        String record = Files.readString(ROOT.resolve("knative/images/record"));

        assertThat(entrypoint(file))
                .contains("@../jvm.args", "-XX:AOTCache=plaudit.aot", "-jar", "quarkus-run.jar")
                .filteredOn(argument -> argument.startsWith("-XX"))
                .containsExactly("-XX:AOTCache=plaudit.aot");
        assertThat(record).contains("@../jvm.args \"$@\"").contains("-jar quarkus-run.jar");
        assertThat(file.all("RUN")).anyMatch(run -> run.equals("/src/knative/images/record \"$FUNCTION\" /plaudit"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void whoeverUsesTheFunctionsNameDeclaresIt(Containerfile file) {
        boolean declared = false;
        for (Instruction instruction : file.instructions()) {
            switch (instruction.name()) {
                case "FROM" -> declared = false;
                case "ARG" -> declared |= instruction.arguments().equals("FUNCTION");
                default ->
                    assertThat(declared || !instruction.arguments().contains("$FUNCTION"))
                            .as(instruction.toString())
                            .isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void onnxRuntimeReportsToNobody(Containerfile file) {
        assertThat(file.all("ENV")).anyMatch(variables -> variables.contains("ORT_DISABLE_TELEMETRY=1"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void theImageSaysWhatItIs(Containerfile file) {
        assertThat(file.all("LABEL")).singleElement().satisfies(label -> assertThat(label.toLowerCase(Locale.ROOT))
                .contains("image.title", "image.description", "image.licenses=\"apache-2.0\"", "image.version"));
    }
}
