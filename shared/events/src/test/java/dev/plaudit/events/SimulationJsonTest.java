package dev.plaudit.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulationJsonTest {
    static final Simulation WHOLE = new Simulation(
            Task.BEHAVIOR,
            new Post(
                    "p1",
                    "שלום 👋 مرحبا",
                    "ovenandco",
                    "Oven & Co",
                    LocalDateTime.of(2026, 3, 6, 8, 30),
                    List.of(new Media(
                            MediaKind.GIF, "https://example.org/a.gif", "https://example.org/a.jpg", "a cat")),
                    new Account(
                            1200L,
                            "Lyon",
                            240.5,
                            List.of(
                                    EarlierPost.ofLikes(3),
                                    new EarlierPost(500, LocalDateTime.of(2026, 2, 27, 18, 5), MediaKind.GIF)),
                            List.of("Fresh from the oven"))),
            new Options(true, 500),
            List.of(new Sight("a loaf of bread", List.of("OPEN"), null)),
            new Prompt("Picture: bread\n", List.of(new Prompt.Part("caption", 0, 15))),
            new Classification(
                    LikeBucket.UP_TO_300,
                    List.of(0.0, 0.1, 0.6, 0.1, 0.1, 0.05, 0.05),
                    LikeLevel.MEDIUM,
                    Embedding.of(new float[] {0.5f, -1.25f}),
                    List.of(new Classification.Omission("caption", List.of(0.0, 0.2, 0.5, 0.1, 0.1, 0.05, 0.05)))),
            new Engagement(
                    LikeBucket.UP_TO_300,
                    List.of(0.0, 0.1, 0.6, 0.1, 0.1, 0.05, 0.05),
                    180,
                    90,
                    420,
                    LikeLevel.MEDIUM,
                    List.of(new Driver("caption", Driver.Source.PROMPT, 1.2))),
            List.of(new Draft("Hello", -1.5, null)),
            new Judgement("medium", LikeLevel.MEDIUM, List.of(0.25, 0.5, 0.25)),
            List.of(new Usage(Step.PROMPT, "cpu", 0.4, true)),
            null);

    private static InvalidFieldException refusal(String json) {
        try {
            SimulationJson.read(json, Simulation.class);
        } catch (InvalidFieldException e) {
            return e;
        }
        throw new AssertionError("was accepted: " + json);
    }

    private static InvalidFieldException refusalOfPost(String post) {
        return refusal("{\"task\":\"behavior\",\"post\":" + post + "}");
    }

    @Test
    void aWholeDocumentComesBackEqual() {
        assertThat(SimulationJson.read(SimulationJson.write(WHOLE), Simulation.class))
                .isEqualTo(WHOLE);
    }

    @Test
    void unknownFieldsAreIgnoredAtEveryDepth() {
        Simulation read = SimulationJson.read("""
                {"task":"behavior","hue":[1,{"x":2}],"post":{"content":"hi","mood":"good","media":
                [{"kind":"photo","caption":"a","width":3}],"account":{"typicalLikes":3,"verified":true}}}""", Simulation.class);

        assertThat(read.post().account()).isEqualTo(new Account(null, null, 3.0, null));
    }

    @Test
    void anEarlierPostIsAnObjectOrItsLikesAlone() {
        Account account = SimulationJson.read("""
                {"history": [3, {"likes": 500, "date": "2026-02-27T18:05", "kind": "gif", "mood": "good"}, {"likes": 7}]}""", Account.class);

        assertThat(account.history())
                .containsExactly(
                        EarlierPost.ofLikes(3),
                        new EarlierPost(500, LocalDateTime.of(2026, 2, 27, 18, 5), MediaKind.GIF),
                        EarlierPost.ofLikes(7));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"content":5}                               | post.content
                    {"content":["a"]}                           | post.content
                    {"content":true}                            | post.content
                    {"media":"photo"}                           | post.media
                    {"media":[{"url":"x"}]}                     | post.media[0].kind
                    {"media":[{"kind":"photo"},{"kind":"hologram"}]} | post.media[1].kind
                    {"media":[null]}                            | post.media[0]
                    {"account":{"followers":-1}}                | post.account.followers
                    {"account":{"followers":1.5}}               | post.account.followers
                    {"account":{"followers":"many"}}            | post.account.followers
                    {"account":{"followers":99999999999999999999}} | post.account.followers
                    {"account":{"typicalLikes":-0.1}}           | post.account.typicalLikes
                    {"account":{"typicalLikes":1e300}}          | post.account.typicalLikes
                    {"account":{"history":[1,-1]}}              | post.account.history[1]
                    {"account":{"history":{}}}                  | post.account.history
                    {"account":{"history":[{"likes":-1}]}}      | post.account.history[0]
                    {"account":{"history":[{"date":"2026-02-27"}]}} | post.account.history[0].likes
                    {"account":{"history":[{"likes":null}]}}    | post.account.history[0].likes
                    {"account":{"history":[{"likes":1,"date":"soon"}]}} | post.account.history[0].date
                    {"account":{"history":[{"likes":1,"kind":"song"}]}} | post.account.history[0].kind
                    {"account":{"history":[1.5]}}               | post.account.history[0]
                    {"account":{"history":["1"]}}               | post.account.history[0]
                    {"account":{"posts":"Hello"}}               | post.account.posts
                    {"account":{"posts":[null]}}                | post.account.posts[0]
                    {"account":{"posts":["Hello"," "]}}         | post.account.posts[1]
                    {"account":{"posts":[{"text":"Hello"}]}}    | post.account.posts[0]
                    {"account":{"posts":["a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a"]}} | post.account.posts
                    {"date":"soon"}                             | post.date
                    {"date":"2026-02-30"}                       | post.date
                    {"date":"0001-01-01"}                       | post.date
                    {"date":"2101-01-01"}                       | post.date
                    {"date":20260306}                           | post.date
                    """)
    void aWrongValueIsRefusedWithItsPath(String post, String field) {
        assertThat(refusalOfPost(post).field()).isEqualTo(field);
    }

    @Test
    void aChoiceIsNotMadeByItsPlace() {
        assertThat(refusal("{\"task\":1,\"post\":{}}").field()).isEqualTo("task");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "nul", "[1,2", "{\"task\":\"behavior\",\"post\":{}} x", "null"})
    void whatIsNoJsonIsRefusedAsAWhole(String json) {
        assertThat(refusal(json).field()).isEqualTo("$");
    }

    @Test
    void deepNestingIsRefused() {
        String deep = "{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";

        assertThat(refusal(deep).rule()).contains("depth");
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        byte[] latin1 = "{\"content\":\"café\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> SimulationJson.read(latin1, Post.class)).isInstanceOf(InvalidFieldException.class);
    }

    @Test
    void messagesNameNoClassOfOurs() {
        assertThat(refusalOfPost("{\"media\":\"photo\"}").getMessage()).doesNotContain("dev.plaudit", "java.util");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    5                                     | must be an object (line 1, column 1)
                    []                                    | must be an object (line 1, column 1)
                    {                                     | Unexpected end-of-input: expected close marker for Object (line 1, column 2)
                    {"post":{"content":5}}                | must be text (line 1, column 20)
                    {"post":{"media":{}}}                 | must be a list (line 1, column 18)
                    {"post":{"account":"x"}}              | must be an object (line 1, column 20)
                    {"post":{"account":{"followers":"5"}}} | must be a whole number (line 1, column 33)
                    {"post":{"account":{"typicalLikes":true}}} | must be a number (line 1, column 36)
                    {"post":{"account":{"history":["5"]}}} | must be a number of likes, or an object (line 1, column 32)
                    {"post":{"account":{"history":[{}]}}} | is missing (line 1, column 33)
                    {"options":{"explain":1}}             | must be true or false (line 1, column 23)
                    """)
    void aRefusalSaysWhatIsWanted(String json, String rule) {
        assertThat(refusal(json).rule())
                .doesNotContain("`", "Cannot", "REDACTED")
                .contains(rule);
    }

    @Test
    void aListIsReadWithThePathOfItsElement() {
        byte[] json = "[{\"content\":\"a\"},{\"content\":\"b\",\"date\":\"x\"}]".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> SimulationJson.readList(json, Post.class))
                .isInstanceOfSatisfying(
                        InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("[1].date"));
    }
}
