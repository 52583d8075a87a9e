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
import dev.plaudit.events.Post;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesPostTableTest {
    @Test
    void aLineIsAPostBesideWhichCaptionLikesAndMoreMayStand() {
        Row.Readable row = readable(rows("posts.jsonl", """
                        {"id":"a","content":"Open house","company":"Elm","date":"2022-02-03","media":[{"kind":"photo","url":"u"}],\
                        "account":{"followers":12,"typicalLikes":3.5},"caption":"a green door","likes":9,"extra":{"x":[1]}}
                        """).getFirst());

        assertThat(row.likes()).hasValue(9);
        assertThat(row.post().media()).containsExactly(new Media(MediaKind.PHOTO, "u", null, "a green door"));
        assertThat(row.post().account()).isEqualTo(new Account(12L, null, 3.5, null));
        assertThat(row.text("extra")).isEqualTo("{\"x\":[1]}");
        assertThat(row.columns().keySet())
                .containsExactly("id", "content", "company", "date", "media", "account", "caption", "likes", "extra");
    }

    @Test
    void aMediumThatSaysWhatItShowsKeepsItsCaption() {
        Row.Readable row = readable(rows("p.jsonl", """
                        {"media":[{"kind":"photo","caption":"a red door"}],"caption":"a green door"}
                        """).getFirst());

        assertThat(row.post().media()).containsExactly(Media.described("a red door"));
    }

    @Test
    void aNumberThatATableWroteAsTextIsOne() {
        Account account = readable(rows("p.jsonl", """
                        {"content":"a","followers":" 12 ","typical likes":"3.5"}
                        """).getFirst()).post().account();

        assertThat(account).isEqualTo(new Account(12L, null, 3.5, null));
        assertThat(readable(rows("p.jsonl", "{\"content\":\"a\",\"typical likes\":\"\"}\n")
                                .getFirst())
                        .post()
                        .account())
                .isEqualTo(Account.UNKNOWN);
        assertThat(message(rows("p.jsonl", "{\"content\":\"a\",\"followers\":\"many\"}\n")
                        .getFirst()))
                .contains("followers: must be a whole number such as 1200, was 'many'");
    }

    @Test
    void whatATableTakesForANumberIsUnderstood() {
        Post post = readable(rows("p.jsonl", "{\"id\":17,\"content\":\"a\",\"followers\":1200.0}\n")
                        .getFirst())
                .post();

        assertThat(post.id()).isEqualTo("17");
        assertThat(post.account().followers()).isEqualTo(1200);
        assertThat(message(rows("p.jsonl", "{\"content\":\"a\",\"followers\":1200.5}\n")
                        .getFirst()))
                .endsWith("followers: must be a whole number such as 1200, was '1200.5'");
    }

    @Test
    void theNamesOfATablesColumnsAreUnderstood() {
        Row.Readable row = readable(rows("p.jsonl", """
                        {"text":"Open house","account":"elm","inferred company":"Elm","followers":5,"media":"[Gif(thumbnailUrl='t')]"}
                        """).getFirst());

        assertThat(row.post().content()).isEqualTo("Open house");
        assertThat(row.post().username()).isEqualTo("elm");
        assertThat(row.post().company()).isEqualTo("Elm");
        assertThat(row.post().account().followers()).isEqualTo(5);
        assertThat(row.post().media()).containsExactly(new Media(MediaKind.GIF, null, "t", null));

        Row.Readable capital = readable(
                rows("p.jsonl", "{\"Caption\":\"a green door\",\"Likes\":9}\n").getFirst());
        assertThat(capital.post().media()).containsExactly(Media.described("a green door"));
        assertThat(capital.likes()).hasValue(9);
    }

    @Test
    void whatStandsBesideAnAccountIsKnownOfItToo() {
        Row.Readable row = readable(rows("p.jsonl", """
                        {"content":"a","followers":5,"location":"Ulm","account":{"followers":6,"location":null,"typicalLikes":7}}
                        """).getFirst());

        assertThat(row.post().account()).isEqualTo(new Account(6L, "Ulm", 7.0, null));
    }

    @Test
    void aFieldThatIsNullSaysNothing() {
        Row.Readable row = readable(rows("p.jsonl", """
                        {"username":"elm","account":null,"content":"a","text":null}
                        """).getFirst());

        assertThat(row.post().username()).isEqualTo("elm");
        assertThat(row.post().content()).isEqualTo("a");
    }

    @Test
    void aBadLineIsToldAndTheNextGoesOn() {
        List<String> told = told(rows(
                "p.jsonl",
                "{\"content\":\"one\"}\r\n"
                        + "{\"content\":\"two\n"
                        + "\n"
                        + "[1]\n"
                        + "[".repeat(5000) + "\n"
                        + "{\"content\":\"" + "x".repeat(5 << 20) + "\"}\n"
                        + "{\"content\":5}\n"
                        + "{\"content\":\"a\",\"media\":[{\"kind\":\"song\"}]}\n"
                        + "{\"content\":\"a\",\"media\":\"[Photo(\"}\n"
                        + "{\"content\":\"a\",\"caption\":{}}\n"
                        + "{\"content\":\"a\",\"likes\":-1}\n"
                        + "{\"content\":\"a\",\"text\":\"b\"}\n"
                        + "{}\n"
                        + "{\"content\":\"last\"}"));

        assertThat(told.get(0)).isEqualTo("1 one");
        assertThat(told.get(1)).startsWith("line 2: ").contains("end-of-input");
        assertThat(told.get(2)).isEqualTo("line 4: must be a JSON object, one post on each line");
        assertThat(told.get(3)).startsWith("line 5: ").contains("nesting depth");
        assertThat(told.get(4)).isEqualTo("line 6: is longer than 4194304 bytes");
        assertThat(told.get(5)).isEqualTo("line 7: content: must be text");
        assertThat(told.subList(6, told.size()))
                .containsExactly(
                        "line 8: media[0].kind: must be photo, video or gif, was 'song'",
                        "line 9: media: at character 8: expected a value, found the end",
                        "line 10: caption: must be text",
                        "line 11: likes: must not be negative, was -1",
                        "line 12: text: means the same as another field of the line: rename or remove one",
                        "line 13: content: is missing, and there are no media: nothing to score",
                        "14 last");
    }

    @Test
    void bytesThatAreNoUtf8AndGzipThatIsCutOffAreTold() {
        byte[] latin1 = "{\"content\":\"one\"}\n{\"content\":\"th\u00e9\"}\n{\"content\":\"three\"}\n"
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(told(rows("p.jsonl", latin1)))
                .containsExactly(
                        "1 one",
                        "line 2: is not UTF-8 at byte 33 of the file (0xE9): save the file as UTF-8",
                        "3 three");

        byte[] whole = gzip("{\"content\":\"one\"}\n".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        List<Row> rows = rows("p.jsonl.gz", TableFiles.cut(whole, whole.length / 2));
        assertThat(rows).hasSizeGreaterThan(10_000);
        assertThat(message(rows.getLast())).endsWith("is cut off here: the gzip data end too soon");
    }

    @Test
    void theColumnsOfAFileAreTheFieldsOfAllItsLines(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("p.jsonl"), "{\"id\":\"1\",\"content\":\"a\"}\n{\"content\":\"b\",\"likes\":1}\n");
        try (PostTable table = PostTable.open(file)) {
            assertThat(table.columns()).containsExactly("id", "content", "likes");
            assertThat(table).hasSize(2);
        }
    }

    @Test
    void aJsonArrayIsRefused() {
        assertThatThrownBy(() -> rows("p.json", "[{\"content\":\"a\"}]"))
                .hasMessage("p.json is a JSON array: write one post on each line, as JSON Lines.");
    }
}
