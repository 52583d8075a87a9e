package dev.plaudit.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plaudit.events.LikeBucket;
import dev.plaudit.events.SimulationJson;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The command line with the models that ship, but for {@code batch}, {@code serve} and {@code train}. */
class CommandLineTest {
    private static final String POST = "{\"id\":\"p1\",\"company\":\"Oven & Co\",\"content\":\"We open at six\"}";

    @TempDir
    Path folder;

    /** What a command printed, and its exit status. */
    record Run(int status, String out, String err) {
        static Run of(String... args) {
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            CommandLine commandLine =
                    Plaudit.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
            return new Run(commandLine.execute(args), out.toString(), err.toString());
        }

        JsonNode json() {
            return SimulationJson.read(out, JsonNode.class);
        }
    }

    @BeforeAll
    static void home() {
        System.setProperty("plaudit.home", System.getProperty("plaudit.root"));
    }

    private Path flyer() throws IOException {
        BufferedImage picture = new BufferedImage(500, 200, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 60));
        graphics.drawString("Open today", 60, 120);
        Path file = folder.resolve("flyer.jpg");
        ImageIO.write(picture, "jpg", file.toFile());
        return file;
    }

    @Test
    void readsTheTextOnPictures() throws IOException {
        Path boxes = folder.resolve("boxes.png");
        Run plain = Run.of("read", flyer().toString(), "--boxes", boxes.toString());
        assertThat(plain.status()).as(plain.err()).isZero();
        assertThat(plain.out().strip()).isEqualTo("Open today");
        BufferedImage drawn = ImageIO.read(boxes.toFile());
        JsonNode reading = Run.of("read", flyer().toString(), "--json").json().get(0);
        assertThat(reading.at("/lines/0/text").asText()).isEqualTo("Open today");
        assertThat(reading.at("/lines/0/confidence").asDouble()).isBetween(0.8, 1.0);
        int x = reading.at("/lines/0/box/0/0").asInt();
        int y = reading.at("/lines/0/box/0/1").asInt();
        assertThat(IntStream.rangeClosed(y - 3, y + 3).map(row -> drawn.getRGB(x + 50, row)))
                .contains(Color.MAGENTA.getRGB());
    }

    @Test
    void measuresTheCaptionsOnPicturesThatItDraws() {
        JsonNode evaluation = Run.of("evaluate", "--task", "caption", "--pictures", "60", "--json")
                .json();
        JsonNode metrics = evaluation.path("metrics");
        assertThat(metrics.path("pictures").asInt()).isEqualTo(60);
        assertThat(metrics.path("subjectNamed").asDouble()).isGreaterThan(0.6);
        assertThat(metrics.path("colorNamed").asDouble()).isGreaterThan(0.7);
        assertThat(metrics.path("bleu4").asDouble()).isGreaterThan(30);
        assertThat(Run.of("evaluate", "--task", "caption", "--pictures", "0").err())
                .contains("--pictures must be at least 1");
    }

    @Test
    void saysWhichPictureCannotBeReadAndReadsTheOthers() throws IOException {
        Run run = Run.of("read", folder.resolve("none.png").toString(), flyer().toString(), "http://127.0.0.1/a.png");
        assertThat(run.status()).isEqualTo(Plaudit.BAD_INPUT);
        assertThat(run.out()).contains("flyer.jpg:\nOpen today");
        assertThat(run.err())
                .contains("none.png: there is no file")
                .contains("http://127.0.0.1/a.png: the host may not be reached");
    }

    @Test
    void saysWhatPicturesShow() throws IOException {
        Path red = Pictures.disc(Color.RED, folder.resolve("red.png"));
        Path blue = Pictures.disc(Color.BLUE, folder.resolve("blue.png"));

        Run one = Run.of("caption", red.toString());
        Run several =
                Run.of("caption", red.toString(), folder.resolve("none.png").toString(), blue.toString());
        JsonNode json = Run.of("caption", "--json", blue.toString(), "http://127.0.0.1/a.png")
                .json();

        assertThat(one.status()).as(one.err()).isZero();
        assertThat(one.out()).contains("red").doesNotContain("red.png");
        assertThat(several.status()).isEqualTo(Plaudit.BAD_INPUT);
        assertThat(several.out().lines()).hasSize(2).last().asString().contains("blue.png: ");
        assertThat(several.err()).contains("none.png: there is no file");
        assertThat(json.at("/0/caption").asText()).contains("blue");
        assertThat(json.at("/1/caption").isMissingNode()).isTrue();
        assertThat(json.at("/1/unavailable").asText()).isEqualTo("the host may not be reached");
    }

    @Test
    void scoresAPostWithPictures() throws IOException {
        Path red = Pictures.disc(Color.RED, folder.resolve("red.png"));
        String seen = Run.of("caption", red.toString()).out().strip();

        Run looked = Run.of("score", "--company=Oven & Co", "--image", red.toString(), "--image", "none.png");
        JsonNode json = Run.of("score", "--company=Oven & Co", "--json", "--image", red.toString())
                .json();
        JsonNode told = Run.of("score", "--company=Oven & Co", "--json", "--caption", seen)
                .json();

        assertThat(looked.status()).as(looked.err()).isZero();
        assertThat(looked.out()).contains("shows   " + seen, "shows   (not seen: there is no file none.png)");
        assertThat(json.at("/sights/0/caption").asText()).isEqualTo(seen);
        assertThat(json.at("/usage/0/function").asText()).isEqualTo("caption");
        assertThat(json.at("/engagement/probabilities")).isEqualTo(told.at("/engagement/probabilities"));
    }

    @Test
    void measuresHowWellItReads() {
        JsonNode evaluation =
                Run.of("evaluate", "--task", "ocr", "--pictures", "6", "--json").json();
        assertThat(evaluation.at("/metrics/pictures").asInt()).isEqualTo(6);
        assertThat(evaluation.at("/metrics/characterErrorRate").asDouble()).isLessThan(0.1);
        assertThat(Run.of("evaluate").err()).contains("--data is missing");
    }

    @Test
    void measuresAWriterInThePrecisionAskedFor() throws IOException {
        Path data = Posts.labeled(folder);

        JsonNode full = evaluatedWriting(data, "fp32");
        JsonNode int4 = evaluatedWriting(data, "int4");

        assertThat(full.path("model").asText()).contains("fp32");
        assertThat(int4.path("model").asText()).contains("int4");
        assertThat(int4.path("perplexity").asDouble())
                .isNotEqualTo(full.path("perplexity").asDouble())
                .isBetween(
                        0.8 * full.path("perplexity").asDouble(),
                        1.2 * full.path("perplexity").asDouble());
    }

    private static JsonNode evaluatedWriting(Path data, String precision) {
        return Run.of(
                        "evaluate",
                        "--task=content",
                        "--posts=2",
                        "--json",
                        "--debug",
                        "--precision=" + precision,
                        "--data=" + data)
                .json();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "score post.json --company X --image a.png | --company, --image would have no effect with a file",
                "score post.json --text X --json | --text would have no effect with a file",
                "evaluate --task caption --html report.html | --html would have no effect with --task caption",
                "evaluate --task ocr --data posts.csv | --data would have no effect with --task ocr",
                "evaluate --data posts.csv --precision int8 | --precision would have no effect with --task behavior",
                "generate --company X --likes-model Y | --likes-model would have no effect with generate, which scores nothing",
                "train post --data a --out b --base c --layers 3 | --layers would have no effect with --base",
                "train post --data a --out b --lora-alpha 8 | --lora-alpha would have no effect with all weights trained"
            })
    void anOptionWithoutEffectIsRefused(String command, String why) {
        try {
            Run run = Run.of(command.split(" "));
            assertThat(run.status()).isEqualTo(Plaudit.BAD_INPUT);
            assertThat(run.err()).contains(why);
        } finally {
            System.clearProperty("plaudit.regress.model");
        }
    }

    @Test
    void scoresAPostOfOptions() {
        Run run = Run.of(
                "score",
                "--company=Oven & Co",
                "--username=@ovenandco",
                "--date=2026-03-06T08:30",
                "--text=Warm sourdough @|red from|@ six!",
                "--caption=a loaf of bread",
                "--followers=1200",
                "--history=120@2026-02-27@photo,80@2026-03-02T18:05,310,95@@gif",
                "--location=Leeds");

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out().lines().toList())
                .hasSize(2 + LikeBucket.COUNT + 1)
                .first()
                .asString()
                .startsWith("Oven & Co · @ovenandco · Fri 6 Mar 2026, 08:30 · Warm sourdough");
        assertThat(run.out()).containsPattern("likes {3}[\\d,]+ {3}80 %: [\\d,]+ to [\\d,]+");
    }

    @Test
    void answersInJsonAsTheGatewayDoes() {
        Run run = Run.of("score", "--text=Warm sourdough", "--typical-likes=120", "--json");

        assertThat(run.status()).isZero();
        assertThat(run.out().lines()).hasSize(1);
        assertThat(run.json().at("/engagement/likes").isInt()).isTrue();
        assertThat(run.json().at("/engagement/probabilities")).hasSize(LikeBucket.COUNT);
        assertThat(run.json().at("/engagement/drivers")).isEmpty();
        assertThat(run.json().at("/usage/1/function").asText()).isEqualTo("classify");
    }

    @Test
    void numbersAreEnglishWhateverTheMachineSpeaks() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(Run.of("score", "--text=Warm sourdough").out()).contains("1,001-2,500", "over 2,500");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void explains() {
        Run json = Run.of("score", "--text=Warm sourdough", "--typical-likes=3000", "--json", "--explain");
        assertThat(json.json().at("/engagement/drivers")).isNotEmpty();

        Run sheet = Run.of("score", "--text=Warm sourdough", "--typical-likes=3000", "--explain");
        assertThat(sheet.out()).contains("what moved it").containsPattern("×\\d+\\.\\d\\d +typical likes");
    }

    @Test
    void scoresAFileOfOnePostAndOneOfAList() throws IOException {
        Path one = Files.writeString(folder.resolve("one.json"), POST);
        Path many = Files.writeString(
                folder.resolve("many.json"),
                "\ufeff" + " ".repeat(100) + "[" + POST + "," + POST.replace("p1", "p2") + "]");

        assertThat(Run.of("score", one.toString(), "--json").json().get("id").asText())
                .isEqualTo("p1");
        JsonNode list = Run.of("score", many.toString(), "--json").json();
        assertThat(list).hasSize(2);
        assertThat(list.at("/1/id").asText()).isEqualTo("p2");
    }

    @Test
    void explainsALongerListThanTheClassifierQueues() throws IOException {
        Path many = folder.resolve("many.json");
        String post = "{\"content\":\"Warm sourdough\",\"company\":\"Oven\",\"username\":\"oven\"}";
        Files.writeString(many, "[" + String.join(",", Collections.nCopies(2000, post)) + "]");

        Run run = Run.of("score", many.toString(), "--explain", "--json");

        assertThat(run.err()).isEmpty();
        assertThat(run.json()).hasSize(2000);
    }

    @Test
    void scoresStandardInput() {
        InputStream in = System.in;
        try {
            System.setIn(new ByteArrayInputStream(POST.getBytes(StandardCharsets.UTF_8)));
            assertThat(Run.of("score", "-", "--json").json().get("id").asText()).isEqualTo("p1");
        } finally {
            System.setIn(in);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --company=Oven                   | plaudit: content: is missing
                    --text=🎉                        | plaudit: content: must contain a letter or a digit
                    --text=a --date=soon             | plaudit: date: must be a date such as 2026-03-01T09:00, was 'soon'
                    --text=a --followers=-1          | plaudit: followers: must not be negative, was -1
                    --text=a --typical-likes=NaN     | plaudit: typicalLikes: must be 0 to 1e9
                    --text=a --history=1,-2          | plaudit: history[1]: must be a number of likes, 0 or more
                    --text=a --history=1,many        | is not a whole number of likes
                    --text=a --history=1@soon        | date: must be a date such as 2026-03-01T09:00, was 'soon'
                    --text=a --history=1@@song       | kind: must be photo, video or gif, was 'song'
                    --caption=                       | plaudit: caption: must say what the picture shows
                    --text=a --image=                | plaudit: image: must be a file or an address
                    --text=a --followers=many        | Invalid value for option '--followers'
                    nowhere.json                     | plaudit: there is no file nowhere.json
                    --text=a --bucket-model=nowhere  | nowhere
                    """)
    void badInputIsToldInOneSentenceWithStatusTwo(String args, String message) {
        try {
            Run run = Run.of(Stream.concat(Stream.of("score"), Stream.of(args.split(" ")))
                    .toArray(String[]::new));

            assertThat(run.status()).isEqualTo(Plaudit.BAD_INPUT);
            assertThat(run.err()).contains(message).doesNotContain("\tat ", "Exception");
            assertThat(run.out()).isEmpty();
        } finally {
            System.clearProperty("plaudit.classify.model");
        }
    }

    @Test
    void aFolderWhereAFileBelongsOrNoneIsToldByItsName() throws IOException {
        Path table = Files.writeString(folder.resolve("posts.csv"), "content\nWarm sourdough\n");

        assertThat(Run.of("score", folder.toString()).err()).contains("'" + folder + "' is a folder");
        assertThat(Run.of(
                                "batch",
                                table.toString(),
                                "-o",
                                folder.resolve("none/scored.csv").toString())
                        .err())
                .contains("scored.csv cannot be written: its folder does not exist.");
        try {
            assertThat(Run.of("read", "a.png", "--models", "nowhere").err()).contains("plaudit: nowhere is no folder");
        } finally {
            System.clearProperty("plaudit.ocr.models");
        }
    }

    @Test
    void aWrongOptionIsToldWithoutAllTheHelp() {
        assertThat(Run.of("score", "--followers=many").err().lines())
                .containsExactly(
                        "plaudit: Invalid value for option '--followers': 'many' is not a long",
                        "See plaudit score --help");
        assertThat(Run.of("train", "bucket").err()).endsWith("See plaudit train bucket --help\n");
    }

    @Test
    void aSettingMayStandOnTheCommandLine() {
        try {
            assertThat(Run.of("score", "--text=a", "-Dplaudit.classify.model=nowhere")
                            .err())
                    .contains("nowhere");
        } finally {
            System.clearProperty("plaudit.classify.model");
        }
    }

    @Test
    void aBadFileIsToldByFieldAndPlace() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.json"), "[" + POST + ",{\"content\":\"a\",\"media\":[{}]}]");
        Path torn = Files.writeString(folder.resolve("torn.json"), "{\"content\":");
        Path none = Files.writeString(folder.resolve("none.json"), "[" + POST + ",{}]");

        assertThat(Run.of("score", bad.toString()).err())
                .contains("[1].media[0].kind: is missing: photo, video or gif");
        assertThat(Run.of("score", torn.toString()).err()).contains("(line 1, column ");
        assertThat(Run.of("score", none.toString()).err()).contains("[1].content: is missing");
        assertThat(Run.of("score", torn.toString()).status()).isEqualTo(Plaudit.BAD_INPUT);
    }

    @Test
    void debugPrintsTheStackTrace() {
        assertThat(Run.of("--debug", "score", "--text=a", "--date=soon").err()).contains("\tat dev.plaudit.");
    }

    @Test
    void theDemoScoresItsPostsAndExplainsOne() {
        Run run = Run.of("demo");

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains("Oven & Co", "Museum of Small Machines", "shows   a", "what moved it", "./plaudit batch")
                .containsPattern("the best of 4 drafts:\\R\\Rshows .*\\R(reads .*\\R)?1\\. [\\d,]+ likes, 80 %: ");
    }

    @Test
    void tellsALevelAndWhy() {
        Run sheet = Run.of("level", "--company=Oven & Co", "--text=Warm sourdough from six!", "--history=3,1,4,2,6");
        assertThat(sheet.err()).isEmpty();
        assertThat(sheet.status()).isZero();
        assertThat(sheet.out())
                .startsWith("low   low ")
                .contains(" %, medium ", " %, high ")
                .containsPattern("Mostly because of what the account usually gets \\(×0\\.\\d\\d\\)");

        JsonNode json = Run.of(
                        "level", "--username=ovenandco", "--text=Warm sourdough", "--typical-likes=500", "--json")
                .json();
        assertThat(json.at("/judgement/probabilities")).hasSize(3);
        assertThat(json.at("/engagement/drivers")).isNotEmpty();
        assertThat(json.at("/explanation").asText()).isNotBlank();
        assertThat(Run.of("level", "--company=Oven & Co").err()).contains("plaudit: content: is missing");
    }

    static Stream<List<String>> commands() {
        return commands(Plaudit.commandLine());
    }

    private static Stream<List<String>> commands(CommandLine command) {
        return Stream.concat(
                Stream.of(List.of(command.getCommandSpec().qualifiedName(" ").split(" "))),
                command.getSubcommands().entrySet().stream()
                        .filter(sub -> !sub.getKey().equals("help"))
                        .flatMap(sub -> commands(sub.getValue())));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theHelpOfEveryCommandShowsAnExample(List<String> path) {
        String[] args =
                Stream.concat(path.stream().skip(1), Stream.of("--help")).toArray(String[]::new);

        Run run = Run.of(args);

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("Usage: " + String.join(" ", path)).containsPattern("Example:\\R +plaudit ");
        assertThat(run.out().lines().dropWhile(line -> !line.equals("Example:")).skip(1))
                .as("an example that is broken in two cannot be copied")
                .allMatch(line -> line.isEmpty() || line.startsWith(" "));
    }

    @Test
    void aCommandThatDoesNotExistIsToldWithThoseThatDo() {
        Run run = Run.of("scroe");

        assertThat(run.status()).isEqualTo(Plaudit.BAD_INPUT);
        assertThat(run.err()).contains("scroe", "score");
    }

    @Test
    void withoutACommandTheHelpIsShown() {
        Run run = Run.of();

        assertThat(run.status()).isEqualTo(Plaudit.BAD_INPUT);
        assertThat(run.err()).contains("score", "batch", "serve", "demo", "train");
    }
}
