package dev.plaudit.gateway;

import static dev.plaudit.gateway.TroubledFunctions.Trouble.BREAKS_OFF;
import static dev.plaudit.gateway.TroubledFunctions.Trouble.HANGS;
import static dev.plaudit.gateway.TroubledFunctions.Trouble.HANGS_UP;
import static dev.plaudit.gateway.TroubledFunctions.Trouble.answers;
import static dev.plaudit.gateway.TroubledFunctions.Trouble.tells;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.sun.net.httpserver.HttpExchange;
import dev.plaudit.events.Draft;
import dev.plaudit.events.DraftPiece;
import dev.plaudit.events.EventType;
import dev.plaudit.events.Extensions;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.function.Events;
import dev.plaudit.function.StreamedAnswer;
import dev.plaudit.gateway.TroubledFunctions.Trouble;
import io.quarkus.funqy.knative.events.CloudEventBuilder;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a call when a function behind the gateway hangs, fails, is busy or goes away. */
@QuarkusTest
@WithTestResource(TroubledFunctions.class)
class StepTroubleTest {
    private static final int CALLS_UNTIL_LEFT_ALONE = 20;

    @Inject
    StepCaller caller;

    @BeforeEach
    void noTrouble() {
        TroubledFunctions.next(Step.PROMPT);
        TroubledFunctions.next(Step.CLASSIFY);
        TroubledFunctions.next(Step.REGRESS);
        TroubledFunctions.next(Step.GENERATE);
    }

    private static ValidatableResponse score() {
        return given().contentType("application/json")
                .body("{\"content\":\"Fresh bread\"}")
                .post("/v1/score")
                .then();
    }

    @Test
    void aStepThatHangsIsNamedByA504AndWasCalledAgainBefore() {
        TroubledFunctions.next(Step.PROMPT, HANGS, HANGS, HANGS);

        score().statusCode(504)
                .contentType("application/problem+json")
                .body("title", is("Step timed out"))
                .body("detail", is("the step prompt did not answer within 500 ms"));
        assertThat(TroubledFunctions.calls(Step.PROMPT)).hasSize(3);
    }

    @Test
    void troubleThatPassesIsNotSeenByTheCaller() {
        TroubledFunctions.next(Step.PROMPT, HANGS, HANGS_UP);
        TroubledFunctions.next(Step.CLASSIFY, answers(502, "Bad Gateway"), BREAKS_OFF);
        TroubledFunctions.next(Step.REGRESS, answers(503, "", "Retry-After", "1"));

        score().statusCode(200);
        assertThat(TroubledFunctions.calls(Step.PROMPT)).hasSize(3);
        assertThat(TroubledFunctions.calls(Step.CLASSIFY)).hasSize(3);
        assertThat(TroubledFunctions.calls(Step.REGRESS)).hasSize(2);
    }

    @Test
    void aCallThatIsTriedAgainIsTheSameEvent() {
        TroubledFunctions.next(Step.CLASSIFY, HANGS_UP);

        score().statusCode(200);
        assertThat(TroubledFunctions.calls(Step.CLASSIFY))
                .extracting(headers -> headers.get("Ce-id"))
                .hasSize(2)
                .containsOnly(TroubledFunctions.calls(Step.CLASSIFY).getFirst().get("Ce-id"));
    }

    @Test
    void aStepThatIsBusyForLongerThanTheCallerWaitsIsNotCalledAgain() {
        TroubledFunctions.next(Step.PROMPT, answers(503, "", "Retry-After", "70"));

        score().statusCode(503)
                .header("Retry-After", "70")
                .contentType("application/problem+json")
                .body("detail", is("the step prompt is busy"));
        assertThat(TroubledFunctions.calls(Step.PROMPT)).hasSize(1);
    }

    @Test
    void aStepThatIsBusyAgainAndAgainIsNotLeftAlone() {
        int calls = CALLS_UNTIL_LEFT_ALONE + 1;
        Trouble busy = answers(503, "", "Retry-After", "70");
        TroubledFunctions.next(Step.PROMPT, Collections.nCopies(calls, busy).toArray(Trouble[]::new));
        for (int i = 0; i < calls; i++) {
            score().statusCode(503).body("detail", is("the step prompt is busy"));
        }
    }

    @Test
    void aFaultOfTheStepsOwnIsNotTriedAgain() {
        TroubledFunctions.next(Step.PROMPT, answers(500, "{}"));

        score().statusCode(503).header("Retry-After", "1").body("detail", is("the step prompt answered with 500"));
        assertThat(TroubledFunctions.calls(Step.PROMPT)).hasSize(1);
    }

    @Test
    void anAnswerThatGoesNowhereIsAFaultOfTheStep() {
        TroubledFunctions.next(
                Step.PROMPT,
                answers(
                        200,
                        "{\"task\":\"behavior\",\"post\":{\"content\":\"Fresh bread\"}}",
                        "content-type",
                        "application/json",
                        "ce-specversion",
                        "1.0",
                        "ce-id",
                        "e1",
                        "ce-source",
                        "/test",
                        "ce-type",
                        "dev.plaudit.burnt"));

        score().statusCode(503).body("detail", startsWith("the step prompt answered with an event that goes nowhere"));
        assertThat(TroubledFunctions.calls(Step.PROMPT)).hasSize(1);
    }

    @Test
    void whatAStepRefusesIsTheCallersFault() {
        TroubledFunctions.next(
                Step.PROMPT, answers(400, "{\"status\":400,\"field\":\"post.content\",\"detail\":\"is odd\"}"));

        score().statusCode(400).body("field", is("post.content"));
        assertThat(TroubledFunctions.calls(Step.PROMPT)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>Bad Request</html>", "null", "{}"})
    void aRefusalThatNoFunctionSpokeIsNotTheCallersFault(String body) {
        TroubledFunctions.next(Step.PROMPT, answers(400, body));

        score().statusCode(503).body("detail", is("the step prompt answered with 400"));
    }

    @Test
    void aPostThatIsTooLargeForAStepIsTheCallersFault() {
        TroubledFunctions.next(Step.PROMPT, answers(413, ""));

        score().statusCode(400).body("detail", is("$: is larger than the step prompt takes"));
        assertThat(TroubledFunctions.calls(Step.PROMPT)).hasSize(1);
    }

    @Test
    void theTimeForTheWholeCallIsCarriedFromStepToStep() {
        Instant before = Instant.now();

        score().statusCode(200);
        List<String> expiry = TroubledFunctions.calls(Step.PROMPT).getFirst().get("Ce-expirytime");
        assertThat(Instant.parse(expiry.getFirst()))
                .isBetween(before.plusSeconds(20), Instant.now().plusSeconds(20));
        assertThat(TroubledFunctions.calls(Step.REGRESS).getFirst().get("Ce-expirytime"))
                .isEqualTo(expiry);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/generate", "/v1/optimize", "/v1/level"})
    void whoeverWritesOrJudgesWaitsForNoLongerThanTheWholeCallMayTake(String path) {
        given().contentType("application/json")
                .body("{\"post\": {\"company\": \"Oven & Co\"}, \"content\": \"Fresh bread\"}")
                .post(path);

        assertThat(Instant.parse(TroubledFunctions.calls(Step.GENERATE)
                        .getFirst()
                        .get("Ce-expirytime")
                        .getFirst()))
                .isBefore(Instant.now().plusSeconds(20));
    }

    @Test
    void aPostOfAJobThatAStepRefusesFails() {
        TroubledFunctions.next(
                Step.PROMPT, answers(400, "{\"status\":400,\"field\":\"post.content\",\"detail\":\"is odd\"}"));
        UUID refused = JobResourceTest.create(1);
        given().get("/v1/jobs/" + refused + "/events").then().body(containsString("\"state\":\"done\""));
        JobResourceTest.job(refused).body("failed", is(1));
        given().get("/v1/jobs/" + refused + "/results").then().body(containsString("post.content: is odd"));
    }

    @Test
    void aStepIsNotWaitedForLongerThanTheWholeCallMayTake() {
        TroubledFunctions.next(Step.PROMPT, HANGS);
        Instant soon = Instant.now().plusMillis(100);

        assertThatThrownBy(() -> caller.call(
                        Step.PROMPT,
                        Events.submitted(
                                "s1",
                                simulation(),
                                Extensions.MEDIA_NONE,
                                Map.of(Extensions.EXPIRY_TIME, soon.toString()))))
                .isInstanceOf(StepUnavailableException.class)
                .hasMessage("the step prompt did not answer before the time for the whole call was over");
        assertThat(TroubledFunctions.calls(Step.PROMPT)).hasSizeLessThan(2);
    }

    @Test
    void aStepIsNotCalledWhenTheTimeForTheWholeCallIsOver() {
        assertThatThrownBy(() -> new Chain(caller).within(Duration.ZERO).run(simulation()))
                .isInstanceOf(StepUnavailableException.class)
                .hasMessage("the step prompt was not reached before the time for the whole call was over");
        assertThat(TroubledFunctions.calls(Step.PROMPT)).isEmpty();
    }

    @Test
    void aStepThatFailsAgainAndAgainIsLeftAloneForAWhileAndThenAskedAgain() {
        TroubledFunctions.next(
                Step.REGRESS,
                Collections.nCopies(CALLS_UNTIL_LEFT_ALONE, HANGS_UP).toArray(Trouble[]::new));
        String detail = "";
        while (!detail.contains("left alone")) {
            detail = score().statusCode(503)
                    .header("Retry-After", startsWith(""))
                    .extract()
                    .path("detail");
        }
        assertThat(detail).isEqualTo("the step regress failed too often and is left alone for a while");
        assertThat(TroubledFunctions.calls(Step.REGRESS)).hasSize(CALLS_UNTIL_LEFT_ALONE);
        score().statusCode(503).header("Retry-After", "2");
        assertThat(TroubledFunctions.calls(Step.REGRESS)).hasSize(CALLS_UNTIL_LEFT_ALONE);

        int status = 503;
        while (status == 503) {
            status = score().extract().statusCode();
        }
        assertThat(status).isEqualTo(200);
    }

    /** The events that a caller hears who wants a post told while it is written. */
    private static List<String> told() {
        return given().contentType("application/json")
                .accept(StreamedAnswer.MEDIA_TYPE)
                .body("{\"post\":{\"company\":\"Oven & Co\"}}")
                .post("/v1/generate")
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .lines()
                .filter(line -> line.startsWith("event:") || line.startsWith("data:"))
                .toList();
    }

    private static String piece(String text) {
        return StreamedAnswer.token(new DraftPiece(0, text));
    }

    private static Trouble writes(String text, double score) {
        Post post = new Post(null, null, null, "Oven & Co", null, null, null);
        Simulation written =
                Simulation.content(post, Options.DEFAULT).withDrafts(List.of(new Draft(text, score, null)));
        String answer = StreamedAnswer.answer(CloudEventBuilder.create()
                .id("e1")
                .source(Step.GENERATE.source())
                .type(EventType.GENERATED)
                .extensions(Map.of(Extensions.TASK, Extensions.CONTENT, Extensions.MEDIA, Extensions.MEDIA_NONE))
                .build(written));
        return answers(200, piece(text) + answer, "Content-Type", StreamedAnswer.MEDIA_TYPE);
    }

    @Test
    void troubleBeforeTheFirstPieceIsNotHeardByTheCaller() {
        TroubledFunctions.next(
                Step.GENERATE, answers(503, "", "Retry-After", "1"), HANGS_UP, writes("Fresh bread 🎉", -1.5));

        assertThat(told())
                .containsExactly(
                        "event:token",
                        "data:{\"draft\":0,\"text\":\"Fresh bread 🎉\"}",
                        "event:draft",
                        "data:{\"text\":\"Fresh bread 🎉\",\"score\":-1.5}",
                        "event:post",
                        "data:{\"drafts\":[{\"text\":\"Fresh bread 🎉\",\"score\":-1.5}]}");
        assertThat(TroubledFunctions.calls(Step.GENERATE)).hasSize(3);
    }

    @Test
    void aDraftThatBreaksOffIsNotBegunAgain() {
        TroubledFunctions.next(Step.GENERATE, tells(piece("Fresh"), HttpExchange::close));

        assertThat(told())
                .startsWith("event:token", "data:{\"draft\":0,\"text\":\"Fresh\"}", "event:error")
                .last()
                .asString()
                .contains("503", "the step generate cannot be reached");
        assertThat(TroubledFunctions.calls(Step.GENERATE)).hasSize(1);
    }

    @Test
    void aDraftThatDoesNotGoOnIsNotWaitedForForEver() {
        TroubledFunctions.next(Step.GENERATE, tells(piece("Fresh"), HANGS));

        assertThat(told())
                .startsWith("event:token", "data:{\"draft\":0,\"text\":\"Fresh\"}", "event:error")
                .last()
                .asString()
                .contains("504", "the step generate did not answer within 500 ms");
        assertThat(TroubledFunctions.calls(Step.GENERATE)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "event: answer\ndata: {\n\n",
                "event: token\ndata: {\n\n",
                "event: token\ndata: {\"draft\": \"first\"}\n\n",
                "event: answer\ndata: {\"specversion\": \"1.0\", \"id\": \"1\"}\n\n",
                "event: answer\ndata: {\"specversion\": \"1.0\", \"id\": \"1\", \"source\": \"/\", \"type\": \"t\"}\n\n"
            })
    void aStreamThatEndsWithNoEventIsAFaultOfTheSteps(String stream) {
        TroubledFunctions.next(Step.GENERATE, answers(200, stream, "Content-Type", StreamedAnswer.MEDIA_TYPE));

        assertThat(told())
                .startsWith("event:error")
                .last()
                .asString()
                .contains("503", "the step generate answered with something that is no CloudEvent");
        assertThat(TroubledFunctions.calls(Step.GENERATE)).hasSize(1);
    }

    private static Simulation simulation() {
        return Simulation.behavior(new Post(null, "Fresh bread", null, null, null, null, null), Options.DEFAULT);
    }
}
