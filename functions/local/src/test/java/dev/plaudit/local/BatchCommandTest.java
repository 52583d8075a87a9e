package dev.plaudit.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.local.CommandLineTest.Run;
import dev.plaudit.tables.PostTable;
import dev.plaudit.tables.Row;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchCommandTest {
    private static final List<String> ADDED = List.of(
            "predicted_likes", "predicted_low", "predicted_high", "predicted_bucket", "predicted_level", "error");

    @TempDir
    Path folder;

    @BeforeAll
    static void home() {
        System.setProperty("plaudit.home", System.getProperty("plaudit.root"));
    }

    private Path posts(int count) throws IOException {
        return Files.writeString(
                folder.resolve("posts.csv"),
                IntStream.range(0, count)
                        .mapToObj(i -> "%d,2026-03-06 %02d:30:00,\"Warm, fresh bread %d\",ovenandco,keep %d,%d"
                                .formatted(i, i % 24, i, i, i % 900))
                        .collect(Collectors.joining("\n", "id,date,content,username,note,typical likes\n", "\n")));
    }

    private Run batch(Path in, Path out, String... more) {
        List<String> args = new ArrayList<>(List.of("batch", in.toString(), "-o", out.toString()));
        args.addAll(Arrays.asList(more));
        return Run.of(args.toArray(String[]::new));
    }

    private static List<Row> rows(Path table) throws IOException {
        try (PostTable rows = PostTable.open(table)) {
            List<Row> all = new ArrayList<>();
            rows.forEach(all::add);
            return all;
        }
    }

    @ParameterizedTest
    @CsvSource({"scored.csv", "scored.csv.gz", "scored.jsonl", "scored.jsonl.gz", "scored.xlsx"})
    void everyFormatKeepsTheOrderAndAllColumns(String name) throws IOException {
        Path out = folder.resolve(name);

        Run run = batch(posts(40), out);

        assertThat(run.status()).isZero();
        assertThat(run.err()).contains("40 posts scored, 0 rows without prediction: " + out);
        List<Row> rows = rows(out);
        assertThat(rows).hasSize(40);
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            assertThat(row.text("id")).isEqualTo(Integer.toString(i));
            assertThat(row.text("content")).isEqualTo("Warm, fresh bread " + i);
            assertThat(row.text("note")).isEqualTo("keep " + i);
            assertThat(row.text("typical likes")).isEqualTo(Integer.toString(i));
            assertThat(Integer.parseInt(row.text("predicted_likes")))
                    .isBetween(
                            Integer.parseInt(row.text("predicted_low")), Integer.parseInt(row.text("predicted_high")));
            assertThat(row.text("predicted_level")).isIn("low", "medium", "high");
        }
    }

    @Test
    void theOutputOfEachFormatIsInputForTheNext() throws IOException {
        Path previous = posts(10);
        for (String name : List.of("a.jsonl", "b.csv.gz", "c.xlsx", "d.jsonl.gz", "e.csv")) {
            Path next = folder.resolve(name);
            assertThat(batch(previous, next).status()).as(name).isZero();
            previous = next;
        }

        Row last = rows(previous).getLast();
        assertThat(last.text("note")).isEqualTo("keep 9");
        for (int i = 2; i <= 5; i++) {
            assertThat(last.text("predicted_likes_" + i)).isEqualTo(last.text("predicted_likes"));
        }
    }

    @ParameterizedTest
    @CsvSource({"scored.csv", "scored.jsonl", "scored.xlsx"})
    void mediaAreFetchedAndLookedAtWhenAskedFor(String name) throws IOException {
        Path red = Pictures.disc(Color.RED, folder.resolve("red.png"));
        Path in = Files.writeString(folder.resolve("media.csv"), """
                id,content,media,caption
                1,Fresh bread,%1$s,
                2,Fresh bread,%1$s,a loaf of bread
                3,Fresh bread,http://127.0.0.1/a.png,
                4,Fresh bread,,
                """.formatted(red));

        Run plain = batch(in, folder.resolve("plain-" + name));
        Run fetched = batch(in, folder.resolve(name), "--fetch");

        assertThat(plain.status()).as(plain.err()).isZero();
        assertThat(fetched.status()).as(fetched.err()).isZero();
        assertThat(rows(folder.resolve("plain-" + name)))
                .allSatisfy(row -> assertThat(row.columns()).doesNotContainKey("seen"));
        List<String> seen =
                rows(folder.resolve(name)).stream().map(row -> row.text("seen")).toList();
        assertThat(seen.get(0)).contains("red");
        assertThat(seen.get(2)).isEqualTo("(not seen: the host may not be reached)");
        assertThat(seen.get(3)).isNullOrEmpty();
    }

    @Test
    void aRowThatIsNoPostIsListedWithItsLineAndDoesNotStopTheRest() throws IOException {
        Path in = Files.writeString(folder.resolve("bad.csv"), """
                id,content,date,followers
                1,Good,2026-03-06,5
                2,"two
                lines",2026-03-06,5
                3,Bad,someday,5
                4,,,
                5,Ragged
                6,Bad,,-7
                7,🎉,,
                8,Good,,
                """);
        Path out = folder.resolve("scored.csv");

        Run run = batch(in, out);

        assertThat(run.status()).isOne();
        assertThat(run.err())
                .contains(
                        "line 5: date: must be a date",
                        "line 6: content: is missing",
                        "line 7: ",
                        "line 8: followers: must not be negative",
                        "line 9: content: must contain")
                .contains("3 posts scored, 5 rows without prediction");
        assertThat(rows(out)).extracting(row -> row.text("id")).containsExactly("1", "2", "3", "4", "5", "6", "7", "8");
        assertThat(rows(out))
                .extracting(row -> !row.text("error").isEmpty())
                .containsExactly(false, false, true, true, true, true, true, false);
    }

    @ParameterizedTest
    @CsvSource({"csv, 0.3", "csv, 0.95", "jsonl, 0.5", "csv.gz, 0.6", "jsonl.gz, 0.9"})
    void resumingACutOutputGivesTheSameFile(String format, double share) throws IOException {
        Path in = posts(300);
        Path whole = folder.resolve("whole." + format);
        Path cut = folder.resolve("cut." + format);
        assertThat(batch(in, whole).status()).isZero();
        byte[] bytes = Files.readAllBytes(whole);
        Files.write(cut, Arrays.copyOf(bytes, (int) (bytes.length * share)));

        Run run = batch(in, cut, "--resume");

        assertThat(run.status()).isZero();
        assertThat(rows(cut))
                .extracting(Row::columns)
                .isEqualTo(rows(whole).stream().map(Row::columns).toList());
        if (!format.endsWith("gz")) {
            assertThat(run.err()).containsPattern("\\d+ rows from before");
            assertThat(cut).hasSameBinaryContentAs(whole);
        }
    }

    @Test
    void resumingAFinishedOutputChangesNothing() throws IOException {
        Path in = posts(20);
        Path out = folder.resolve("scored.csv");
        batch(in, out);
        String before = Files.readString(out);

        Run run = batch(in, out, "--resume");

        assertThat(run.status()).isZero();
        assertThat(run.err()).contains("0 posts scored", "20 rows from before");
        assertThat(out).hasContent(before);
    }

    @Test
    void anEarlierOutputStaysWhereNothingCanBeScored() throws IOException {
        Path out = Files.writeString(folder.resolve("scored.csv"), "id,predicted_likes\n1,20\n");
        try {
            Run run = batch(
                    posts(3), out, "--bucket-model", folder.resolve("none").toString());
            assertThat(run.status()).isEqualTo(Plaudit.BAD_INPUT);
        } finally {
            System.clearProperty("plaudit.classify.model");
        }
        assertThat(out).content().isEqualTo("id,predicted_likes\n1,20\n");
    }

    @Test
    void theInputIsNeverOverwritten() throws IOException {
        Path in = posts(3);
        String before = Files.readString(in);
        Path link = Files.createSymbolicLink(folder.resolve("link.csv"), in);

        for (Path out : List.of(in, link)) {
            Run run = batch(in, out);
            assertThat(run.status()).isEqualTo(Plaudit.BAD_INPUT);
            assertThat(run.err()).contains("the output would overwrite the input");
        }
        assertThat(in).hasContent(before);
    }

    @Test
    void aTableThatIsNoneIsToldInOneSentence() throws IOException {
        Path xlsx = Files.writeString(folder.resolve("posts.xlsx"), "no workbook");
        Path useless = Files.writeString(folder.resolve("posts.csv"), "a,b\n1,2\n");
        Path empty = Files.writeString(folder.resolve("empty.csv"), "");

        for (Path in : List.of(xlsx, useless, empty, folder.resolve("none.csv"))) {
            Path out = folder.resolve("out.csv");
            Run run = batch(in, out);
            assertThat(run.status()).as(in.toString()).isEqualTo(Plaudit.BAD_INPUT);
            assertThat(run.err().strip().lines())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains(in.getFileName().toString());
            assertThat(out).doesNotExist();
        }
        assertThat(batch(posts(1), folder.resolve("out.txt")).err()).contains("out.txt must end in .csv");
    }

    @Test
    void aTableWithoutRowsIsScoredToOne() throws IOException {
        Path out = folder.resolve("scored.csv");

        Run run = batch(posts(0), out);

        assertThat(run.status()).isZero();
        assertThat(out)
                .hasContent(
                        "id,date,content,username,note,typical likes\n".strip() + "," + String.join(",", ADDED) + "\n");
    }

    @Test
    void twoThousandRowsAreScoredInOrder() throws IOException {
        Path out = folder.resolve("scored.csv");

        Run run = batch(posts(2000), out);

        assertThat(run.err()).contains("2,000 posts scored, 0 rows without prediction");
        assertThat(rows(out))
                .extracting(row -> row.text("id"))
                .containsExactlyElementsOf(
                        IntStream.range(0, 2000).mapToObj(Integer::toString).toList());
    }
}
