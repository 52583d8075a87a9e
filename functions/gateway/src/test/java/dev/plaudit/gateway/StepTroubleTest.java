package dev.plaudit.gateway;

import static dev.plaudit.gateway.TroubledFunctions.Trouble.BREAKS_OFF;
import static dev.plaudit.gateway.TroubledFunctions.Trouble.HANGS;
import static dev.plaudit.gateway.TroubledFunctions.Trouble.HANGS_UP;
import static dev.plaudit.gateway.TroubledFunctions.Trouble.answers;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import dev.plaudit.events.Extensions;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Step;
import dev.plaudit.function.Events;
import dev.plaudit.gateway.TroubledFunctions.Trouble;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
    void aFaultOfTheStepsOwnIsNotTriedAgain() {
        TroubledFunctions.next(Step.PROMPT, answers(500, "{}"));

        score().statusCode(503).header("Retry-After", "1").body("detail", is("the step prompt answered with 500"));
        assertThat(TroubledFunctions.calls(Step.PROMPT)).hasSize(1);
    }

    @Test
    void whatAStepRefusesIsTheCallersFault() {
        TroubledFunctions.next(
                Step.PROMPT, answers(400, "{\"status\":400,\"field\":\"post.content\",\"detail\":\"is odd\"}"));

        score().statusCode(400).body("field", is("post.content"));
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

    private static Simulation simulation() {
        return Simulation.behavior(new Post(null, "Fresh bread", null, null, null, null, null), Options.DEFAULT);
    }
}
