package dev.plaudit.gateway;

import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.function.StopsWithCaller;
import dev.plaudit.gateway.jobs.Job;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The language model over HTTP: what is known of a post in, its text out, or a post in, its like level out. */
@Path("/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Write", description = "Posts that are written, the best of several, and how well one will be liked")
public class WritingResource {
    private static final String EXAMPLE = """
            {"post": {"company": "Oven & Co", "username": "ovenandco", "date": "2026-03-06T08:30",
                      "media": [{"kind": "photo", "caption": "a loaf of bread on a wooden table"}],
                      "account": {"typicalLikes": 120}},
             "wishedLikes": 300, "writing": {"drafts": 4}}""";

    private static final String POST = """
            {"company": "Oven & Co", "username": "ovenandco", "content": "Warm sourdough from six o'clock.",
             "media": [{"kind": "photo", "caption": "a loaf of bread on a wooden table"}],
             "account": {"typicalLikes": 120}}""";

    private final Chain chain;
    private final Duration timeout;
    private final int parallel;
    private final Answers answers;

    WritingResource(StepCaller caller, Answers answers, GatewayConfig config) {
        this.answers = answers;
        this.chain = new Chain(caller);
        this.timeout = config.timeout();
        this.parallel = config.parallelPosts();
    }

    @POST
    @Path("/generate")
    @RunOnVirtualThread
    @StopsWithCaller
    @Operation(
            operationId = "generate",
            summary = "Write a post",
            description = "As many drafts as asked for, the likeliest first; those that came out alike are one."
                    + " With Accept: text/event-stream it is told while it is written: events named token"
                    + " ({\"draft\": 0, \"text\": \" more\"}), one named draft for each that is finished, and at the end"
                    + " post, the whole answer, or error, a problem. When the caller hangs up, the writer stops.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = WritingRequest.class),
                            examples = @ExampleObject(name = "four drafts", value = EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "The drafts",
            content = @Content(schema = @Schema(implementation = WrittenPost.class)))
    @APIResponse(
            responseCode = "202",
            description = "The job, where Prefer: respond-async asks for one; Location says where it is",
            content = @Content(schema = @Schema(implementation = Job.class)))
    @APIResponse(responseCode = "409", description = "The first call under this Idempotency-Key is still worked on")
    @APIResponse(responseCode = "422", description = "The Idempotency-Key was used for another call")
    @APIResponse(
            responseCode = "400",
            description = "A value is wrong; the problem names its path",
            content = @Content(mediaType = "application/problem+json", schema = @Schema(type = SchemaType.OBJECT)))
    @APIResponse(responseCode = "503", description = "No room now, or a step cannot be reached; see Retry-After")
    @APIResponse(responseCode = "504", description = "A step did not answer in time; the problem names it")
    public Response generate(byte[] body, @BeanParam Terms terms) {
        WritingRequest request = SimulationJson.read(body, WritingRequest.class);
        Simulation simulation = Simulation.content(request.post(), request.options());
        return answers.results(
                terms,
                body,
                List.of(simulation),
                () -> WrittenPost.of(chain.within(timeout).run(simulation)));
    }

    @POST
    @Path("/generate")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RunOnVirtualThread
    @StopsWithCaller
    @Operation(hidden = true)
    public void stream(byte[] body, @Context SseEventSink sink, @Context Sse sse) {
        WritingRequest request = SimulationJson.read(body, WritingRequest.class);
        new DraftStream(chain.within(timeout), sink, sse).write(Simulation.content(request.post(), request.options()));
    }

    @POST
    @Path("/optimize")
    @RunOnVirtualThread
    @StopsWithCaller
    @Operation(
            operationId = "optimize",
            summary = "Write a post several times and put the best first",
            description =
                    "Each draft is scored as POST /v1/score would score it. With wishedLikes the draft nearest to the"
                            + " wish comes first, else the one with the most likes.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = WritingRequest.class),
                            examples = @ExampleObject(name = "the best of four", value = EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "The drafts with their engagement",
            content = @Content(schema = @Schema(implementation = WrittenPost.class)))
    @APIResponse(
            responseCode = "400",
            description = "A value is wrong; the problem names its path",
            content = @Content(mediaType = "application/problem+json", schema = @Schema(type = SchemaType.OBJECT)))
    @APIResponse(responseCode = "503", description = "No room now, or a step cannot be reached; see Retry-After")
    @APIResponse(responseCode = "504", description = "A step did not answer in time; the problem names it")
    public WrittenPost optimize(byte[] body) throws InterruptedException {
        WritingRequest request = SimulationJson.read(body, WritingRequest.class);
        return WrittenPost.of(
                new Optimizer(chain.within(timeout), parallel).optimize(request.post(), request.options()));
    }

    @POST
    @Path("/level")
    @RunOnVirtualThread
    @StopsWithCaller
    @Operation(
            operationId = "level",
            summary = "Tell how well a post will be liked, and why",
            description =
                    "The language model's answer in words, and calibrated probabilities of the levels low (up to 100"
                            + " likes), medium (up to 1,000) and high. The explanation is made of the drivers that POST /v1/score"
                            + " measures, and says so where its level is another.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = Post.class),
                            examples = @ExampleObject(name = "one post", value = POST)))
    @APIResponse(
            responseCode = "200",
            description = "The level",
            content = @Content(schema = @Schema(implementation = JudgedPost.class)))
    @APIResponse(
            responseCode = "400",
            description = "A value is wrong; the problem names its path",
            content = @Content(mediaType = "application/problem+json", schema = @Schema(type = SchemaType.OBJECT)))
    @APIResponse(responseCode = "503", description = "No room now, or a step cannot be reached; see Retry-After")
    @APIResponse(responseCode = "504", description = "A step did not answer in time; the problem names it")
    public JudgedPost level(byte[] body) {
        return new Judge(chain.within(timeout)).judge(SimulationJson.read(body, Post.class));
    }
}
