package dev.plaudit.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plaudit.events.Draft;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Judgement;
import dev.plaudit.events.LikeLevel;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Prompt;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Writing;
import dev.plaudit.features.LevelCalibration;
import dev.plaudit.features.LevelPrompt;
import dev.plaudit.function.DraftListener;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.TextTokenizer;
import dev.plaudit.inference.decoding.NgramIndex;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model's folder and the settings make of the writer that ships. */
class PostWriterTest {
    private static final Path SHIPPED = Path.of(System.getProperty("plaudit.root"), "models/pretrained/post");
    private static final Post POST = new Post("p1", "Warm sourdough", "ovenandco", "Oven & Co", null, List.of(), null);

    @TempDir
    Path folder;

    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> files = Files.list(SHIPPED)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    private PostWriter open(String... settings) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "plaudit.generate.model",
                folder.toString(),
                "plaudit.generate.device",
                "cpu",
                "plaudit.home",
                "unused"));
        for (int i = 0; i < settings.length; i += 2) {
            properties.put("plaudit.generate." + settings[i], settings[i + 1]);
        }
        return PostWriter.open(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(properties, "test", 0))
                .withMapping(GenerateConfig.class)
                .build()
                .getConfigMapping(GenerateConfig.class));
    }

    private static Simulation asked(int drafts) {
        return Simulation.content(POST, new Options(false, null, new Writing(drafts, 3L, 0.7, null, 40, null)))
                .withPrompt(new Prompt("Company: Oven & Co\nPost:\n", List.of()));
    }

    private static String draft(PostWriter writer) {
        return writer.write(asked(1), DraftListener.NONE).getFirst().text();
    }

    private List<Integer> tokens(String text) {
        try (TextTokenizer tokenizer = TextTokenizer.open(folder, 8000, 1000)) {
            List<Integer> tokens = new ArrayList<>();
            for (int token : tokenizer.encode(text, false)) {
                tokens.add(token);
            }
            return tokens;
        }
    }

    @Test
    void runsOfTheTextsThatTheFoldersIndexNamesAreNotWritten() throws IOException {
        String free;
        try (PostWriter writer = open()) {
            free = draft(writer);
        }
        int[] known = tokens(" " + free).stream().mapToInt(token -> token).toArray();
        int[] begun = tokens(free).stream().mapToInt(token -> token).toArray();
        NgramIndex.write(folder.resolve(NgramIndex.FILE), 3, List.of(known, begun));

        try (PostWriter refusing = open();
                PostWriter copying = open("allow-copies", "true")) {
            // A little longer than what is refused: a word may be spelt by other tokens than a tokenizer would take.
            assertThat(runs(draft(refusing), 5)).doesNotContainAnyElementsOf(runs(free, 5));
            assertThat(draft(copying)).isEqualTo(free);
        }
    }

    private List<List<Integer>> runs(String text, int size) {
        List<Integer> tokens = tokens(" " + text);
        List<List<Integer>> runs = new ArrayList<>();
        for (int i = 0; i + size <= tokens.size(); i++) {
            runs.add(tokens.subList(i, i + size));
        }
        assertThat(runs).isNotEmpty();
        return runs;
    }

    @Test
    void aDamagedIndexStopsTheStart() throws IOException {
        Path index = Files.writeString(folder.resolve(NgramIndex.FILE), "no index of anything at all");

        assertThatThrownBy(this::open)
                .isInstanceOf(ModelException.class)
                .hasMessage(index + " is no index of n-grams of version 1");
    }

    private static Judgement judged(PostWriter writer) {
        return writer.judge(Simulation.level(POST).withPrompt(LevelPrompt.of(POST, List.of())));
    }

    @Test
    void levelsAreCalibratedAsTheFolderSays() throws IOException {
        new LevelCalibration(1, List.of(0.0, 0.0, 50.0)).write(folder);
        try (PostWriter writer = open()) {
            assertThat(judged(writer).level()).isEqualTo(LikeLevel.HIGH);
            assertThat(judged(writer).probabilities().getLast()).isGreaterThan(0.99);
        }
        new LevelCalibration(1e6, List.of(0.0, 0.0, 0.0)).write(folder);
        try (PostWriter writer = open()) {
            assertThat(judged(writer).probabilities())
                    .allSatisfy(odds -> assertThat(odds).isBetween(0.33, 0.34));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{ raise_exception('no') }}", "{% for m in messages %}", "{{ messages[99].content.x() }}"})
    void aChatTemplateThatThrowsStopsTheStart(String template) throws IOException {
        Files.writeString(folder.resolve("chat_template.jinja"), template);

        assertThatThrownBy(this::open).isInstanceOf(ModelException.class).hasMessageContaining("the chat template");
    }

    @Test
    void moreDraftsThanThereIsRoomForAreRefusedByName() {
        try (PostWriter writer = open("max-batch", "5")) {
            assertThatThrownBy(() -> writer.write(asked(6), DraftListener.NONE))
                    .isInstanceOf(InvalidFieldException.class)
                    .hasMessage("options.writing: 6 sequences are asked for, but no more than 5 fit at once");
        }
    }

    @Test
    void levelsAreToldWhereThereIsRoomForOneTextAtATime() {
        try (PostWriter one = open("max-batch", "1");
                PostWriter usual = open()) {
            assertThat(judged(one).level()).isEqualTo(judged(usual).level());
        }
    }

    @Test
    void whatIsHeardIsWhatIsWritten() {
        StringBuilder heard = new StringBuilder();
        try (PostWriter writer = open()) {
            String draft = writer.write(asked(1), (which, piece) -> heard.append(piece))
                    .getFirst()
                    .text();
            assertThat(heard.toString().strip()).isEqualTo(draft);
        }
    }

    @Test
    void aModelThatWeighsBeamsIsNotHeardButStillWrites() throws IOException {
        Files.writeString(
                folder.resolve("generation_config.json"),
                "{\"eos_token_id\": 2, \"num_beams\": 3, \"max_new_tokens\": 20, \"min_new_tokens\": 5}");
        Simulation asked = Simulation.content(POST, Options.DEFAULT)
                .withPrompt(new Prompt("Company: Oven & Co\nPost:\n", List.of()));
        List<String> heard = new ArrayList<>();
        try (PostWriter writer = open()) {
            assertThat(writer.write(asked, (which, piece) -> heard.add(piece))).hasSize(1);
        }
        assertThat(heard).isEmpty();
    }

    private static List<String> drafts(PostWriter writer, long seed) {
        return writer
                .write(
                        Simulation.content(POST, new Options(false, null, new Writing(1, seed, null, null, 40, null)))
                                .withPrompt(new Prompt("Company: Oven & Co\nPost:\n", List.of())),
                        DraftListener.NONE)
                .stream()
                .map(Draft::text)
                .toList();
    }

    @Test
    void whereTheModelsOwnWayIsToDrawTheSeedDecides() {
        try (PostWriter writer = open()) {
            assertThat(drafts(writer, 1)).isEqualTo(drafts(writer, 1)).isNotEqualTo(drafts(writer, 2));
        }
    }

    @Test
    void whatSaysNothingIsNoDraft() throws IOException {
        String all = IntStream.range(0, 8000).mapToObj(Integer::toString).collect(Collectors.joining(","));
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [" + all + "]}");
        try (PostWriter writer = open()) {
            assertThat(drafts(writer, 1)).isEmpty();
        }
    }

    @Test
    void aClosedWriterRefusesToWork() {
        PostWriter writer = open();
        writer.close();
        writer.close();
        assertThatThrownBy(() -> writer.write(asked(1), DraftListener.NONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the writer is closed");
        assertThatThrownBy(() -> judged(writer)).hasMessage("the writer is closed");
    }
}
