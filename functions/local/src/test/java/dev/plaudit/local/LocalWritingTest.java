package dev.plaudit.local;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.FLOAT;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import dev.plaudit.events.SimulationJson;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.awt.Color;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Content simulation over HTTP, all functions in this process, with the models that ship. */
@QuarkusTest
class LocalWritingTest {
    private static final String POST = """
            {"company": "Oven & Co", "username": "ovenandco", "account": {"history": [120, 80, 310, 95]},
             "media": [{"kind": "photo", "caption": "a loaf of bread"}]}""";

    private static ValidatableResponse post(String path, String body) {
        return given().contentType("application/json").body(body).post(path).then();
    }

    @Test
    void draftsAreWritten() {
        List<String> drafts = post("/v1/generate", """
                {"post": %s, "writing": {"drafts": 3, "maxNewTokens": 30}}""".formatted(POST))
                .statusCode(200)
                .body("usage.function", is(List.of("prompt", "generate")))
                .body("drafts[0].engagement", nullValue())
                .extract()
                .path("drafts.text");
        assertThat(drafts).hasSizeBetween(1, 3).doesNotHaveDuplicates().noneMatch(String::isBlank);
    }

    @Test
    void picturesAreSeenAndReadBeforeItIsWritten() {
        String photo = SimulationJson.write(Pictures.photo(Color.RED));
        post("/v1/generate", """
                {"post": {"company": "Oven & Co", "media": [%s]}, "writing": {"maxNewTokens": 10}}""".formatted(photo))
                .statusCode(200)
                .body("usage.function", is(List.of("caption", "ocr", "prompt", "generate")))
                .body("sights[0].caption", containsString("red"))
                .body("sights[0].text", hasSize(0));
    }

    @Test
    void theDraftWithTheMostLikesComesFirst() {
        List<Integer> likes = post("/v1/optimize", """
                {"post": %s, "writing": {"drafts": 5, "maxNewTokens": 30}}""".formatted(POST))
                .statusCode(200)
                .body("usage.function", hasItems("generate", "classify", "regress"))
                .extract()
                .path("drafts.engagement.likes");
        assertThat(likes).hasSizeGreaterThan(1).isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void theDraftNearestToTheWishComesFirst() {
        List<Integer> likes = post("/v1/optimize", """
                {"post": %s, "wishedLikes": 100, "writing": {"drafts": 5, "maxNewTokens": 30}}""".formatted(POST))
                .statusCode(200)
                .extract()
                .path("drafts.engagement.likes");
        assertThat(likes)
                .isSortedAccordingTo(
                        Comparator.comparingDouble(count -> Math.abs(Math.log1p(count) - Math.log1p(100))));
    }

    @Test
    void theLevelOfAPostIsToldAndExplained() {
        Judged low = judged("""
                {"company": "Oven & Co", "username": "ovenandco", "content": "Warm sourdough from six!",
                 "account": {"history": [3, 1, 4, 2, 6]}}""");
        Judged high = judged("""
                {"company": "Oven & Co", "username": "ovenandco", "content": "Warm sourdough from six!",
                 "account": {"history": [9000, 12000, 7000, 15000]}}""");

        assertThat(low.level()).isEqualTo("low");
        assertThat(high.level()).isEqualTo("high");
        assertThat(low.odds()).hasSize(3).first(as(FLOAT)).isGreaterThan(0.6f);
        assertThat(high.odds()).last(as(FLOAT)).isGreaterThan(0.6f);
        assertThat(low.odds().stream().mapToDouble(p -> p).sum()).isCloseTo(1, within(1e-6));
        assertThat(low.text()).isEqualTo("low");
        assertThat(high.explanation()).startsWith("Mostly because of what the account usually gets (×");
    }

    private record Judged(String level, String text, List<Float> odds, String explanation) {}

    private static Judged judged(String post) {
        var answer = post("/v1/level", post)
                .statusCode(200)
                .body("usage.function", is(List.of("prompt", "generate", "prompt", "classify", "regress")))
                .body("engagement.drivers.size()", greaterThan(0))
                .extract();
        return new Judged(
                answer.path("judgement.level"),
                answer.path("judgement.text"),
                answer.path("judgement.probabilities"),
                answer.path("explanation"));
    }

    @Test
    void aPictureIsLookedAtOnceForItsLevel() {
        String photo = SimulationJson.write(Pictures.photo(Color.RED));
        post("/v1/level", "{\"company\": \"Oven & Co\", \"media\": [%s]}".formatted(photo))
                .statusCode(200)
                .body("usage.function", is(List.of("caption", "prompt", "generate", "prompt", "classify", "regress")))
                .body("sights[0].caption", containsString("red"));
    }

    @Test
    void aPostWithoutAnythingToJudgeIsRefused() {
        post("/v1/level", "{\"company\": \"Oven & Co\"}").statusCode(400).body("field", is("content"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                         | post",
                "{\"post\": {}}                                             | company",
                "{\"post\": {\"company\": \"a\"}, \"wishedLikes\": -1}      | wishedLikes",
                "{\"post\": {\"company\": \"a\"}, \"writing\": {\"drafts\": 99}} | writing.drafts",
                "{\"post\": {\"company\": \"a\"}, \"writing\": {\"temperature\": 0}} | writing.temperature",
                "{\"post\": {\"media\": [{}]}}                              | post.media[0].kind",
            })
    void aWrongValueIsRefusedByItsPath(String body, String field) {
        for (String path : List.of("/v1/generate", "/v1/optimize")) {
            post(path, body)
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("field", is(field));
        }
    }
}
