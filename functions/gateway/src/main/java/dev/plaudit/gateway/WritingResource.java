package dev.plaudit.gateway;

import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.gateway.jobs.Job;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
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

/** Content simulation over HTTP: what is known of a post in, its text out. */
@Path("/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Write", description = "Posts that are written, and the best of several")
public class WritingResource {
    private static final String EXAMPLE = """
            {"post": {"company": "Oven & Co", "username": "ovenandco", "date": "2026-03-06T08:30",
                      "media": [{"kind": "photo", "caption": "a loaf of bread on a wooden table"}],
                      "account": {"typicalLikes": 120}},
             "wishedLikes": 300, "writing": {"drafts": 4}}""";

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
    @Operation(
            operationId = "generate",
            summary = "Write a post",
            description = "As many drafts as asked for, the likeliest first; those that came out alike are one.")
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
    @Path("/optimize")
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
}
