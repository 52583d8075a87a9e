package dev.plaudit.tables;

import static dev.plaudit.tables.TableFiles.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.plaudit.events.Engagement;
import dev.plaudit.events.LikeBucket;
import dev.plaudit.events.LikeLevel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreTableTest {
    private static final Engagement SCORE = new Engagement(
            LikeBucket.UP_TO_300, Collections.nCopies(7, 1 / 7.0), 150, 90, 240, LikeLevel.MEDIUM, List.of());
    private static final List<String> COLUMNS = List.of("id", "content");
    private static final List<Row> ROWS =
            rows("p.csv", "id,content\n1,\"two, \"\"lines\"\"\nof it\"\n2,=SUM(A1)\n3\n4,four\n5,five\n");

    @TempDir
    Path folder;

    @Test
    void csvHasAllInputColumnsAndThePredictionAfterThem() throws IOException {
        assertThat(Files.readString(written("s.csv"))).isEqualTo("""
                        id,content,predicted_likes,predicted_low,predicted_high,predicted_bucket,predicted_level,error
                        1,"two, ""lines""
                        of it",150,90,240,3,medium,
                        2,=SUM(A1),,,,,,'=1+1 is no post
                        3,,,,,,,line 5: has 1 columns where the header has 2
                        4,four,150,90,240,3,medium,
                        5,five,150,90,240,3,medium,
                        """);
    }

    @Test
    void jsonLinesKeepTypesAndLeaveOutWhatIsNotKnown() throws IOException {
        Path out = folder.resolve("s.jsonl");
        List<Row> rows =
                rows("p.jsonl", "{\"content\":\"a\",\"account\":{\"followers\":3},\"n\":1.50}\n{\"n\":null}\n");
        try (ScoreTable table = ScoreTable.create(out, List.of("content"), false)) {
            table.scored(rows.get(0), SCORE, List.of());
            table.failed(rows.get(1), "=no");
        }

        assertThat(Files.readString(out)).isEqualTo("""
                        {"content":"a","account":{"followers":3},"n":1.5,"predicted_likes":150,"predicted_low":90,\
                        "predicted_high":240,"predicted_bucket":3,"predicted_level":"medium"}
                        {"n":null,"error":"=no"}
                        """);
    }

    @Test
    void csvHasAnObjectOfAJsonLineAsJson() throws IOException {
        Path out = folder.resolve("s.csv");
        Row row = rows("p.jsonl", "{\"content\":\"a\",\"account\":{\"followers\":3}}\n")
                .getFirst();
        try (ScoreTable table = ScoreTable.create(out, List.of("content", "account"), false)) {
            table.scored(row, SCORE, List.of());
        }

        assertThat(rows("s.csv", bytes(out)).getFirst().text("account")).isEqualTo("{\"followers\":3}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "+", "-", "@", "\t", "\r"})
    void noSpreadsheetRunsAnError(String first) throws IOException {
        Path out = folder.resolve("s.csv");
        try (ScoreTable table = ScoreTable.create(out, COLUMNS, false)) {
            table.failed(ROWS.getFirst(), first + "cmd");
        }

        assertThat(rows("s.csv", bytes(out)).getFirst().text("error")).isEqualTo("'" + first + "cmd");
    }

    @Test
    void aTextThatNoCellHoldsIsCut() throws IOException {
        Path out = folder.resolve("s.xlsx");
        String longer = "x".repeat(40_000);
        try (ScoreTable table = ScoreTable.create(out, List.of("content", longer), false)) {
            table.failed(rows("p.csv", "content\n" + longer + "\n").getFirst(), longer);
        }

        Row back = rows("s.xlsx", bytes(out)).getFirst();
        String held = "x".repeat(32_766) + "…";
        assertThat(back.text("content")).isEqualTo(held);
        assertThat(back.text("error")).isEqualTo(held);
        assertThat(back.columns()).containsKey(held);
    }

    @Test
    void aClosedTableTakesNoMoreRows() throws IOException {
        Path out = folder.resolve("s.csv.gz");
        ScoreTable table = ScoreTable.create(out, COLUMNS, false);
        write(table, 0, 2);
        table.close();
        byte[] closed = bytes(out);

        assertThatThrownBy(() -> write(table, 2, 3))
                .isInstanceOf(IOException.class)
                .hasMessage("the table is closed");
        table.flush();
        table.close();
        assertThat(out).hasBinaryContent(closed);
    }

    @Test
    void aWorkbookIsReadBackAsItWasWritten() {
        List<Row> back = rows("s.xlsx", bytes(written("s.xlsx")));

        assertThat(back).hasSize(5);
        assertThat(back.get(0).columns().keySet())
                .containsExactly(
                        "id",
                        "content",
                        "predicted_likes",
                        "predicted_low",
                        "predicted_high",
                        "predicted_bucket",
                        "predicted_level",
                        "error");
        assertThat(back.get(0).text("content")).isEqualTo("two, \"lines\"\nof it");
        assertThat(back.get(0).text("predicted_likes")).isEqualTo("150");
        assertThat(back.get(1).text("content")).isEqualTo("=SUM(A1)");
        assertThat(back.get(1).text("error")).isEqualTo("=1+1 is no post");
    }

    @Test
    void aNumberThatNoSpreadsheetHoldsIsATextInAWorkbook() throws IOException {
        Path out = folder.resolve("s.xlsx");
        Row row = rows("p.jsonl", "{\"content\":\"a\",\"n\":1234567890123456789,\"m\":1e400,\"k\":-12}\n")
                .getFirst();
        try (ScoreTable table = ScoreTable.create(out, List.copyOf(row.columns().keySet()), false)) {
            table.scored(row, SCORE, List.of());
        }

        Row back = rows("s.xlsx", bytes(out)).getFirst();
        assertThat(back.columns().get("n")).isEqualTo(TextNode.valueOf("1234567890123456789"));
        assertThat(back.columns().get("m").isTextual()).isTrue();
        assertThat(back.columns().get("k").isNumber()).isTrue();
    }

    @Test
    void aLoneSurrogateIsGivenBackByJsonAndIsUnknownInCsv() throws IOException {
        Row row = rows("p.jsonl", "{\"content\":\"a\",\"note\":\"b \\ud83d c \uD83D\uDE00\"}\n")
                .getFirst();
        for (String name : List.of("s.jsonl", "s.csv")) {
            try (ScoreTable table = ScoreTable.create(folder.resolve(name), List.of("content", "note"), false)) {
                table.scored(row, SCORE, List.of());
            }
        }

        assertThat(rows("s.jsonl", bytes(folder.resolve("s.jsonl"))).getFirst().text("note"))
                .isEqualTo("b \uD83D c \uD83D\uDE00");
        assertThat(rows("s.csv", bytes(folder.resolve("s.csv"))).getFirst().text("note"))
                .isEqualTo("b \uFFFD c \uD83D\uDE00");
    }

    @Test
    void aColumnOfTheSameNameStays() throws IOException {
        Path out = folder.resolve("s.csv");
        Row row = rows("p.csv", "content,error,predicted_likes\na,mine,7\n").getFirst();
        try (ScoreTable table = ScoreTable.create(out, List.copyOf(row.columns().keySet()), false)) {
            table.failed(row, "ours");
        }

        Row back = rows("s.csv", bytes(out)).getFirst();
        assertThat(back.text("error")).isEqualTo("mine");
        assertThat(back.text("predicted_likes")).isEqualTo("7");
        assertThat(back.text("error_2")).isEqualTo("ours");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s.csv", "s.jsonl", "s.csv.gz", "s.jsonl.gz"})
    void flushMakesTheFileWholeAndResumeGoesOnAfterATornEnd(String name) throws IOException {
        byte[] whole = plain(written(name));
        Path out = folder.resolve("torn-" + name);
        ScoreTable interrupted = ScoreTable.create(out, COLUMNS, false);
        write(interrupted, 0, 2);
        interrupted.flush();
        byte[] flushed = plain(out);
        assertThat(whole).startsWith(flushed);
        assertThat(rows(name.replace(".gz", ""), flushed)).hasSize(2);
        long length = Files.size(out);
        write(interrupted, 2, 4);
        interrupted.close();
        for (long cut = length; cut < Files.size(out) - 1; cut++) {
            Path torn = folder.resolve("cut-" + name);
            Files.write(torn, TableFiles.cut(bytes(out), (int) cut));
            try (ScoreTable resumed = ScoreTable.resume(torn, COLUMNS, false)) {
                assertThat(resumed.resumedRows()).isBetween(2L, 3L);
                write(resumed, (int) resumed.resumedRows(), 5);
            }
            assertThat(plain(torn)).as("cut at %d", cut).isEqualTo(whole);
        }
    }

    @Test
    void aTextOfManyLinesIsNoTornEnd() throws IOException {
        Path out = folder.resolve("s.csv");
        Row row = rows("p.jsonl", "{\"content\":\"a" + "\\n".repeat(2000) + "b\"}\n")
                .getFirst();
        try (ScoreTable table = ScoreTable.create(out, List.of("content"), false)) {
            table.scored(row, SCORE, List.of());
            table.scored(row, SCORE, List.of());
        }
        Files.writeString(out, "\"torn" + "\n".repeat(2000), StandardOpenOption.APPEND);

        try (ScoreTable resumed = ScoreTable.resume(out, List.of("content"), false)) {
            assertThat(resumed.resumedRows()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"s.csv", "s.jsonl", "s.csv.gz", "s.jsonl.gz"})
    void whatWasHardlyBegunIsBegunAgain(String name) throws IOException {
        byte[] whole = bytes(written(name));
        for (int cut = 0; cut < 12; cut++) {
            Path torn = folder.resolve("begun-" + name);
            Files.write(torn, TableFiles.cut(whole, cut));
            try (ScoreTable resumed = ScoreTable.resume(torn, COLUMNS, false)) {
                assertThat(resumed.resumedRows()).isZero();
                write(resumed, 0, 5);
            }
            assertThat(plain(torn)).isEqualTo(plain(folder.resolve(name)));
        }
        if (name.equals("s.csv")) {
            Path headed = Files.writeString(
                    folder.resolve("headed.csv"),
                    Files.readString(folder.resolve(name)).lines().findFirst().orElseThrow());
            try (ScoreTable resumed = ScoreTable.resume(headed, COLUMNS, false)) {
                write(resumed, 0, 5);
            }
            assertThat(headed).hasBinaryContent(whole);
        }
        Path absent = folder.resolve("absent-" + name);
        ScoreTable.resume(absent, COLUMNS, false).close();
        assertThat(absent).exists();
    }

    @Test
    void aFileThatIsNotThisTableIsLeftAsItIs() throws IOException {
        Path other = Files.writeString(folder.resolve("other.csv"), "id,text\n1,a\n");
        assertThatThrownBy(() -> ScoreTable.resume(other, COLUMNS, false))
                .isInstanceOf(TableException.class)
                .hasMessage("other.csv cannot be resumed: its columns are not those of this input.");
        assertThat(other).hasContent("id,text\n1,a\n");

        Path ids = Files.writeString(folder.resolve("ids.csv"), "id\n1\n2\n");
        assertThatThrownBy(() -> ScoreTable.resume(ids, COLUMNS, false))
                .hasMessage("ids.csv cannot be resumed: its columns are not those of this input.");
        assertThat(ids).hasContent("id\n1\n2\n");

        Path edited = written("edited.csv");
        Files.writeString(edited, "6,six\n7,seven\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> ScoreTable.resume(edited, COLUMNS, false))
                .hasMessage("edited.csv cannot be resumed: line 8 is no row of it.");

        Path posts = Files.writeString(folder.resolve("posts.jsonl"), "{\"content\":\"a\"}\n");
        assertThatThrownBy(() -> ScoreTable.resume(posts, COLUMNS, false))
                .hasMessage("posts.jsonl cannot be resumed: line 1 is no scored post.");

        Path foreign = folder.resolve("foreign.csv.gz");
        byte[] gzip = TableFiles.gzip("id,content\n".getBytes(StandardCharsets.UTF_8));
        gzip[3] = 8;
        Files.write(foreign, gzip);
        assertThatThrownBy(() -> ScoreTable.resume(foreign, COLUMNS, false))
                .hasMessage("foreign.csv.gz cannot be resumed: another program compressed it.");

        assertThatThrownBy(() -> ScoreTable.resume(written("s.xlsx"), COLUMNS, false))
                .hasMessage("s.xlsx cannot be resumed, no workbook can: write .csv or .jsonl.");
        List<String> many =
                IntStream.range(0, 20_000).mapToObj(i -> "column " + i).toList();
        assertThatThrownBy(() -> ScoreTable.create(folder.resolve("s.xlsx"), many, false))
                .hasMessage("s.xlsx would have 20006 columns, no sheet has more than 16384: write .csv or .jsonl.");
        assertThat(rows("s.xlsx", bytes(folder.resolve("s.xlsx")))).hasSize(5);
        assertThatThrownBy(() -> ScoreTable.create(folder.resolve("s.txt"), COLUMNS, false))
                .hasMessage("s.txt must end in .csv, .csv.gz, .jsonl, .jsonl.gz or .xlsx.");
    }

    private Path written(String name) {
        Path out = folder.resolve(name);
        try (ScoreTable table = ScoreTable.create(out, COLUMNS, false)) {
            write(table, 0, 5);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out;
    }

    private static void write(ScoreTable table, int from, int to) throws IOException {
        for (Row row : ROWS.subList(from, to)) {
            if (row instanceof Row.Unreadable unreadable) {
                table.failed(row, unreadable.message());
            } else if (row.text("id").equals("2")) {
                table.failed(row, "=1+1 is no post");
            } else {
                table.scored(row, SCORE, List.of());
            }
        }
    }

    private static byte[] plain(Path file) throws IOException {
        byte[] bytes = bytes(file);
        return file.toString().endsWith(".gz")
                ? new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes()
                : bytes;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
