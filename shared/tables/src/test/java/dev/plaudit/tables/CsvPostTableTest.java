package dev.plaudit.tables;

import static dev.plaudit.tables.TableFiles.gzip;
import static dev.plaudit.tables.TableFiles.message;
import static dev.plaudit.tables.TableFiles.readable;
import static dev.plaudit.tables.TableFiles.rows;
import static dev.plaudit.tables.TableFiles.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plaudit.events.Account;
import dev.plaudit.events.Media;
import dev.plaudit.events.MediaKind;
import dev.plaudit.events.Task;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvPostTableTest {
    private static final String TWO_POSTS = "id,content\n1,Fresh bread at eight\n2,Last loaf sold\n";

    @Test
    void everyColumnFindsItsPlaceInThePost() {
        Row.Readable row = readable(rows("posts.csv", """
                split,ID,Date,Likes,text,account,Media,Inferred Company,caption,Followers,typical_likes,Location
                time,7,2021-05-04 10:30:00,42,"Rye, spelt
                and ""oat"" bread",@kornhaus,[Photo(fullUrl='https://a.example/loaf')],Kornhaus,a loaf on a board,1200,35.5,Bern
                """).getFirst());

        assertThat(row.line()).isEqualTo(2);
        assertThat(row.likes()).hasValue(42);
        assertThat(row.post().id()).isEqualTo("7");
        assertThat(row.post().content()).isEqualTo("Rye, spelt\nand \"oat\" bread");
        assertThat(row.post().username()).isEqualTo("kornhaus");
        assertThat(row.post().company()).isEqualTo("Kornhaus");
        assertThat(row.post().date()).isEqualTo(LocalDateTime.of(2021, 5, 4, 10, 30));
        assertThat(row.post().account()).isEqualTo(new Account(1200L, "Bern", 35.5, null));
        assertThat(row.post().media())
                .containsExactly(new Media(MediaKind.PHOTO, "https://a.example/loaf", null, "a loaf on a board"));
        assertThat(row.text("split")).isEqualTo("time");
        assertThat(row.columns().keySet())
                .containsExactly(
                        "split",
                        "ID",
                        "Date",
                        "Likes",
                        "text",
                        "account",
                        "Media",
                        "Inferred Company",
                        "caption",
                        "Followers",
                        "typical_likes",
                        "Location");
    }

    @Test
    void aCaptionAloneIsADescribedPhoto() {
        Row.Readable row =
                readable(rows("p.csv", "caption,likes\na red bicycle,\n").getFirst());

        assertThat(row.post().media()).containsExactly(Media.described("a red bicycle"));
        assertThat(row.likes()).isEmpty();
    }

    @Test
    void anUnreadableValueIsToldAndTheNextRowGoesOn() {
        assertThat(told(rows("p.csv", """
                        content,date,followers,likes,media,typical likes
                        one,soon,,,,
                        two,,-5,,,
                        three,,many,,,
                        four,,,1.5,,
                        five,,,-1,,
                        six,,,,[Photo(,
                        seven,,,,,1e400
                        ,,,,,
                        🎉,,,,,
                        ten\u0000,,,,,
                        eleven,2021-01-01,3.0,12.0,,
                        """)))
                .containsExactly(
                        "line 2: date: must be a date such as 2026-03-01T09:00, was 'soon'",
                        "line 3: followers: must not be negative, was -5",
                        "line 4: followers: must be a whole number such as 1200, was 'many'",
                        "line 5: likes: must be a whole number such as 1200, was '1.5'",
                        "line 6: likes: must not be negative, was -1",
                        "line 7: media: at character 8: expected a value, found the end",
                        "line 8: typicalLikes: must be 0 to 1e9, was Infinity",
                        "line 9: content: is missing, and there are no media: nothing to score",
                        "line 10: content: must contain a letter or a digit when there are no media: no model reads emoji alone",
                        "line 11: content: must not contain control characters, has U+0000 at 3",
                        "12 eleven");
    }

    @Test
    void aRaggedRowSaysHowManyColumnsThereAre() {
        List<Row> rows = rows("p.csv", "id,content\n1\n2,two\n3,three,3\n");

        assertThat(told(rows))
                .containsExactly(
                        "line 2: has 1 columns where the header has 2",
                        "3 two",
                        "line 4: has 3 columns where the header has 2");
        assertThat(rows.getLast().text("content")).isEqualTo("three");
    }

    @Test
    void anUnclosedQuoteCostsOneRow() {
        assertThat(told(rows("p.csv", "id,content\n1,one\n2,\"two\n3,three\n4,four\n")))
                .containsExactly(
                        "2 one", "line 3: has a quote that opens in line 3 and never closes", "4 three", "5 four");
        assertThat(told(rows("p.csv", "id,content\n1,\"one\n2,\"two\"\n3,three\n4,\"four\n\nmore\"\n5,five")))
                .containsExactly(
                        "line 2: has text after the closing quote of a field that opened in line 2: double the quotes inside a field",
                        "3 two",
                        "4 three",
                        "5 four\n\nmore",
                        "8 five");
        assertThat(told(rows("p.csv", "content,id\n\"one\nof two\",\"1\ntwo,2\n")))
                .containsExactly("line 2: has a quote that opens in line 3 and never closes", "4 two");
    }

    @Test
    void aRowOfManyMegabytesIsPassedOverInBoundedMemory() {
        InputStream long1 = repeated("x".repeat(1 << 20), 40);
        List<Row> rows = rows(
                "p.csv",
                new SequenceInputStream(Collections.enumeration(List.of(
                        text("content\n"),
                        long1,
                        text("\ntwo\n\"three"),
                        repeated("x".repeat(1 << 20), 40),
                        text("\nfour\n")))));

        assertThat(told(rows))
                .containsExactly(
                        "line 2: is longer than 4194304 bytes",
                        "3 two",
                        "line 4: has a quote that opens in line 4 and never closes",
                        "5 four");
    }

    @Test
    @Timeout(20)
    void linesThatAllOpenAQuoteAreReadInLinearTime() {
        assertThat(rows("p.csv", "content,b\n" + "a\",\"\n".repeat(200_000)))
                .hasSizeGreaterThan(100)
                .allMatch(Row.Unreadable.class::isInstance);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void everyLineEndAndABomAreUnderstood(String lineEnd) {
        assertThat(told(rows(
                        "p.csv", "\uFEFF" + TWO_POSTS.replace("\n", lineEnd) + lineEnd + "3,\"a" + lineEnd + "b\"")))
                .containsExactly("2 Fresh bread at eight", "3 Last loaf sold", "5 a" + lineEnd + "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {";", "\t"})
    void semicolonsAndTabsSeparateToo(String separator) {
        assertThat(told(rows("p.csv", TWO_POSTS.replace(",", separator))))
                .containsExactly("2 Fresh bread at eight", "3 Last loaf sold");
    }

    @Test
    void theHeaderAloneSaysWhatSeparates() {
        assertThat(told(rows("p.csv", "\uFEFFtext\nBread\n"))).containsExactly("2 Bread");
        assertThat(told(rows("p.csv", "id;text\n1;Bread, fresh, warm\n"))).containsExactly("2 Bread, fresh, warm");
        assertThat(told(rows("p.csv", "\r\n\ntext\nSave today; shop now\n"))).containsExactly("4 Save today; shop now");
        assertThat(told(rows("p.csv", "\"id,\nours, not yours\";text\n1;Bread, fresh\n")))
                .containsExactly("3 Bread, fresh");
    }

    @Test
    void aRowThatIsNoUtf8IsToldAndTheOthersGoOn() {
        byte[] latin1 = "content\ncafe\ncaf\u00e9 au lait\nth\u00e9\ntea\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(told(rows("p.csv", latin1)))
                .containsExactly(
                        "2 cafe",
                        "line 3: is not UTF-8 at byte 17 of the file (0xE9): save the file as UTF-8",
                        "line 4: is not UTF-8 at byte 29 of the file (0xE9): save the file as UTF-8",
                        "5 tea");
        assertThat(told(rows("p.csv", "content\na \uFFFD b\n"))).containsExactly("2 a \uFFFD b");
    }

    @Test
    void gzipIsRecognisedByItsContent() {
        assertThat(told(rows("posts", gzip(TWO_POSTS.getBytes(StandardCharsets.UTF_8)))))
                .containsExactly("2 Fresh bread at eight", "3 Last loaf sold");
    }

    @Test
    void gzipThatIsCutOffGivesWhatItHeldAndSaysSo() {
        Random random = new Random(3);
        StringBuilder csv = new StringBuilder("id,content\n");
        for (int i = 0; i < 2000; i++) {
            csv.append(i).append(",post ").append(random.nextLong()).append('\n');
        }
        byte[] whole = gzip(csv.toString().getBytes(StandardCharsets.UTF_8));

        List<Row> rows = rows("p.csv.gz", TableFiles.cut(whole, whole.length / 2));

        assertThat(rows).hasSizeBetween(500, 1500);
        assertThat(rows.subList(0, rows.size() - 1)).allMatch(Row.Readable.class::isInstance);
        assertThat(message(rows.getLast())).endsWith("is cut off here: the gzip data end too soon");

        whole[whole.length / 2] ^= 0x55;
        List<Row> damaged = rows("p.csv.gz", whole);
        assertThat(message(damaged.getLast())).contains("is damaged from here on: ");
    }

    @Test
    void aGzipBombIsPassedOverInBoundedMemory() throws IOException {
        Path bomb = Files.createTempFile("bomb", ".csv.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(bomb))) {
            out.write("content\n".getBytes(StandardCharsets.UTF_8));
            repeated("\0".repeat(1 << 20), 256).transferTo(out);
        }
        try (PostTable table = PostTable.open(bomb)) {
            Iterator<Row> rows = table.iterator();
            assertThat(message(rows.next())).isEqualTo("line 2: is longer than 4194304 bytes");
            assertThat(rows.hasNext()).isFalse();
        } finally {
            Files.delete(bomb);
        }
    }

    @Test
    void aHundredThousandRowsStreamInMemoryThatDoesNotGrow() throws IOException {
        String padding = "long ".repeat(400);
        InputStream posts = generated("id,content\n", i -> i + ",\"" + padding + "\n" + i + "\"\n", 100_000);
        Runtime runtime = Runtime.getRuntime();
        long most = 0;
        long count = 0;
        try (PostTable table = PostTable.open(posts, "p.csv")) {
            for (Row row : table) {
                readable(row);
                if (++count % 25_000 == 0) {
                    System.gc();
                    most = Math.max(most, runtime.totalMemory() - runtime.freeMemory());
                }
            }
        }
        assertThat(count).isEqualTo(100_000);
        assertThat(most).as("of 200 MB read").isLessThan(100L << 20);
    }

    @Test
    void postsThatAreToBeWrittenNeedNoText() throws IOException {
        try (PostTable table = PostTable.open(text("company,text\nOven & Co,\n,Rye\n"), "p.csv", Task.CONTENT)) {
            List<Row> rows = new ArrayList<>();
            table.forEach(rows::add);
            assertThat(rows)
                    .satisfiesExactly(
                            row -> assertThat(TableFiles.readable(row).post().company())
                                    .isEqualTo("Oven & Co"),
                            row -> assertThat(row)
                                    .isInstanceOfSatisfying(
                                            Row.Unreadable.class, unreadable -> assertThat(unreadable.field())
                                                    .isEqualTo("company")));
        }
        assertThatThrownBy(() -> PostTable.open(text("text\nRye\n"), "p.csv", Task.CONTENT))
                .hasMessage(
                        "No column of p.csv says what to write about: one must be company, username, media or caption.");
    }

    @Test
    void aHeaderAloneHasNoRows() {
        assertThat(rows("p.csv", "id,content\n")).isEmpty();
        assertThat(rows("p.csv", "id,content")).isEmpty();
    }

    @Test
    void columnsOfOneNameStayApart() throws IOException {
        try (PostTable table = PostTable.open(text("content,note, note ,,,note\na,b,c,d,e,f\n"), "p.csv")) {
            assertThat(table.columns()).containsExactly("content", "note", "note_2", "", "_2", "note_3");
            assertThat(table.iterator().next().text("note_2")).isEqualTo("c");
        }
    }

    @Test
    void aFileThatIsNoTableIsRefusedInOneSentence(@TempDir Path folder) {
        assertThatThrownBy(() -> rows("p.csv", ""))
                .isInstanceOf(TableException.class)
                .hasMessage("p.csv is empty: its first line must name the columns.");
        assertThatThrownBy(() -> rows("p.csv.gz", gzip(new byte[0]))).isInstanceOf(TableException.class);
        assertThatThrownBy(() -> rows("p.csv", "\n\n"))
                .hasMessage("p.csv is empty: its first line must name the columns.");
        assertThatThrownBy(() -> rows("p.csv", "id,date\n1,2021-01-01\n"))
                .hasMessage("No column of p.csv can be scored: one must be content (or text), media or caption.");
        assertThatThrownBy(() -> rows("p.csv", "content,text\n"))
                .hasMessage("Two columns of p.csv mean the same, 'content' and 'text': rename or remove one.");
        assertThatThrownBy(() -> rows("p.csv", "id,\"content\n1,a\n"))
                .hasMessage(
                        "The header of p.csv cannot be read: it has a quote that opens in line 1 and never closes.");
        assertThatThrownBy(() -> rows("p.csv", "\uFEFFcontent\na\n".getBytes(StandardCharsets.UTF_16LE)))
                .hasMessage("p.csv is UTF-16: save it as UTF-8.");
        assertThatThrownBy(
                        () -> rows("p.csv.gz", TableFiles.cut(gzip("content\n".getBytes(StandardCharsets.UTF_8)), 9)))
                .hasMessage("p.csv.gz is no whole gzip file: nothing in it can be read.");
        assertThatThrownBy(() -> rows("p.csv.gz", gzip("PK..".getBytes(StandardCharsets.UTF_8))))
                .hasMessage("p.csv.gz is a zip archive inside gzip: unpack it first.");
        assertThatThrownBy(() -> PostTable.open(folder.resolve("none.csv")))
                .hasMessageMatching("There is no file .*none.csv\\.");
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static InputStream repeated(String text, int times) {
        return generated("", i -> text, times);
    }

    private static InputStream generated(String header, IntFunction<String> row, int rows) {
        Iterator<InputStream> parts = IntStream.range(-1, rows)
                .mapToObj(i -> text(i < 0 ? header : row.apply(i)))
                .iterator();
        return new SequenceInputStream(new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return parts.hasNext();
            }

            @Override
            public InputStream nextElement() {
                return parts.next();
            }
        });
    }
}
