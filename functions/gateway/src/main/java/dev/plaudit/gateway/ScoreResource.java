package dev.plaudit.gateway;

import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
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
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Behavior simulation over HTTP: posts in, likes out. */
@Path("/v1/score")
@Tag(name = "Score", description = "How many likes a post will get")
public class ScoreResource {
    private static final String EXAMPLE = """
            {"company": "Oven & Co", "username": "ovenandco", "date": "2026-03-06T08:30",
             "content": "Warm sourdough from six o'clock. First ten get a coffee with it!",
             "media": [{"kind": "photo", "caption": "a loaf of bread on a wooden table"}],
             "account": {"typicalLikes": 120, "history": [98, {"likes": 140, "date": "2026-02-27", "kind": "photo"}]}}""";

    private final Scorer scorer;
    private final Answers answers;
    private final int maxPosts;

    ScoreResource(Scorer scorer, Answers answers, GatewayConfig config) {
        this.scorer = scorer;
        this.answers = answers;
        this.maxPosts = config.maxPosts();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    @Operation(
            operationId = "score",
            summary = "Predict the likes of one post, or of a list",
            description = "An object is answered with an object, an array with an array in the same order. "
                    + "An earlier post in account.history is an object, or its likes alone. "
                    + "Unknown fields are ignored; a wrong value is refused with its path.")
    @Parameter(
            name = "explain",
            in = ParameterIn.QUERY,
            description = "Also say what moved the prediction",
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(oneOf = {Post.class, Post[].class}),
                            examples = @ExampleObject(name = "one post", value = EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "The prediction, or the list of them",
            content = @Content(schema = @Schema(oneOf = {ScoredPost.class, ScoredPost[].class})))
    @APIResponse(
            responseCode = "202",
            description = "The job, where Prefer: respond-async asks for one; Location says where it is",
            content = @Content(schema = @Schema(implementation = Job.class)))
    @APIResponse(
            responseCode = "400",
            description = "A value is wrong; the problem names its path",
            content = @Content(mediaType = "application/problem+json", schema = @Schema(type = SchemaType.OBJECT)))
    @APIResponse(responseCode = "409", description = "The first call under this Idempotency-Key is still worked on")
    @APIResponse(responseCode = "422", description = "The Idempotency-Key was used for another call")
    @APIResponse(responseCode = "413", description = "The body is larger than 10 MB")
    @APIResponse(responseCode = "503", description = "No room now, or a step cannot be reached; see Retry-After")
    @APIResponse(responseCode = "504", description = "A step did not answer in time; the problem names it")
    public Response score(byte[] body, @BeanParam Terms terms) {
        boolean explain = new Query(terms.uri.getQueryParameters()).flag("explain");
        boolean list = SimulationJson.startsList(body);
        List<Simulation> simulations = (list
                        ? requireScorable(SimulationJson.readList(body, Post.class))
                        : List.of(SimulationJson.read(body, Post.class).requireScorable()))
                .stream()
                        .map(post -> Simulation.behavior(post, new Options(explain)))
                        .toList();
        return answers.results(terms, body, simulations, () -> {
            List<ScoredPost> scored = scorer.score(simulations);
            return list ? scored : scored.getFirst();
        });
    }

    private List<Post> requireScorable(List<Post> posts) {
        if (posts.isEmpty() || posts.size() > maxPosts) {
            throw new InvalidFieldException("$", "must hold 1 to " + maxPosts + " posts, was " + posts.size());
        }
        return Post.requireScorable(posts);
    }
}
