package dev.plaudit.gateway;

import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Options;
import dev.plaudit.events.Task;
import dev.plaudit.gateway.jobs.Job;
import dev.plaudit.gateway.jobs.JobState;
import dev.plaudit.gateway.jobs.JobStore;
import dev.plaudit.gateway.jobs.JobsConfig;
import dev.plaudit.gateway.jobs.Webhooks;
import dev.plaudit.tables.PostTable;
import dev.plaudit.tables.TableException;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
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
import org.jboss.resteasy.reactive.RestStreamElementType;

/** Jobs over HTTP: a file of posts in, and what became of each whenever it is asked for. */
@Path("/v1/jobs")
@Tag(name = "Jobs", description = "Many posts, without waiting")
@APIResponse(
        responseCode = "503",
        description = "No room now, or the database of jobs cannot be reached; see Retry-After")
public class JobResource {
    private static final String JSON_LINES = "application/jsonl";
    private static final String NDJSON = "application/x-ndjson";
    private static final String CSV = "text/csv";
    private static final String GZIP = "application/gzip";
    private static final String XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    private static final int MOST_LISTED = 100;

    /** So many of the longest uploads may lie aside at a time. */
    private static final int UPLOADS = 4;

    private static final int PAGE = 500;
    private static final Duration BETWEEN_EVENTS = Duration.ofSeconds(1);

    private final Answers answers;
    private final JobStore store;
    private final Webhooks webhooks;
    private final JobsConfig config;
    private final AtomicLong uploadRoom;

    JobResource(Answers answers, JobStore store, Webhooks webhooks, JobsConfig config) {
        this.answers = answers;
        this.store = store;
        this.webhooks = webhooks;
        this.config = config;
        this.uploadRoom = new AtomicLong(UPLOADS * config.maxUpload().asLongValue());
    }

    @POST
    @RunOnVirtualThread
    @Consumes({JSON_LINES, NDJSON, CSV, GZIP, XLSX, MediaType.APPLICATION_OCTET_STREAM})
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "createJob",
            summary = "Have a file of posts scored, or written",
            description =
                    "JSON Lines, CSV with a header, or .xlsx; the first two through gzip as well. A row that is no"
                            + " post is among the results, with its line and what is wrong, and stops nothing.")
    @RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = CSV,
                        examples =
                                @ExampleObject(
                                        name = "two posts",
                                        value = "id,company,text\np1,Oven & Co,Warm sourdough!\np2,Oven & Co,Rye.\n")),
                @Content(
                        mediaType = JSON_LINES,
                        examples =
                                @ExampleObject(
                                        name = "a post",
                                        value = "{\"id\": \"p1\", \"content\": \"Warm sourdough!\"}\n")),
                @Content(mediaType = NDJSON),
                @Content(mediaType = GZIP),
                @Content(mediaType = XLSX)
            })
    @Parameter(
            name = "task",
            in = ParameterIn.QUERY,
            description = "behavior scores the posts, content writes them",
            schema =
                    @Schema(
                            enumeration = {"behavior", "content"},
                            defaultValue = "behavior"))
    @Parameter(
            name = "explain",
            in = ParameterIn.QUERY,
            description = "Also say what moved the predictions",
            schema = @Schema(type = SchemaType.BOOLEAN))
    @Parameter(
            name = "wishedLikes",
            in = ParameterIn.QUERY,
            description = "How many likes written posts should get",
            schema = @Schema(type = SchemaType.INTEGER))
    @Parameter(name = "drafts", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.INTEGER))
    @Parameter(name = "seed", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.INTEGER))
    @Parameter(name = "temperature", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.NUMBER))
    @Parameter(name = "topP", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.NUMBER))
    @Parameter(name = "maxNewTokens", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.INTEGER))
    @Parameter(
            name = "stop",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.ARRAY, implementation = String.class))
    @Parameter(
            name = "webhook",
            in = ParameterIn.QUERY,
            description = "A public address that gets a signed CloudEvent dev.plaudit.job.ended with the job",
            schema = @Schema(type = SchemaType.STRING, format = "uri"))
    @APIResponse(
            responseCode = "202",
            description = "The job; Location says where to ask for it",
            content = @Content(schema = @Schema(implementation = Job.class)))
    @APIResponse(
            responseCode = "400",
            description = "A parameter is wrong, or the file is none; the problem names what",
            content = @Content(mediaType = "application/problem+json", schema = @Schema(type = SchemaType.OBJECT)))
    @APIResponse(responseCode = "409", description = "The first call under this Idempotency-Key is still worked on")
    @APIResponse(responseCode = "413", description = "The file is too large")
    @APIResponse(responseCode = "422", description = "The Idempotency-Key was used for another call")
    public Response create(InputStream body, @HeaderParam("Content-Type") MediaType type, @BeanParam Terms terms)
            throws IOException {
        Query query = new Query(terms.uri.getQueryParameters());
        Task task = query.task();
        Options options = query.options();
        URI webhook = query.text("webhook") == null ? null : webhooks.address(query.text("webhook"));
        try (Upload upload = Upload.receive(body, config.maxUpload().asLongValue(), uploadRoom);
                PostTable table = PostTable.open(Files.newInputStream(upload.file()), fileName(type), task)) {
            return answers.job(
                    terms,
                    upload.digest(),
                    task,
                    webhook,
                    new TableSimulations(table, task, options, config.maxPosts()));
        } catch (TableException e) {
            throw new InvalidFieldException("$", e.getMessage());
        }
    }

    /**
     * What the file is called in messages, and, where its content could be both, taken for.
     *
     * @param type null where the caller states none
     */
    private static String fileName(MediaType type) {
        String subtype = type == null ? "" : type.getSubtype();
        return subtype.equals("jsonl") || subtype.equals("x-ndjson") ? "body.jsonl" : "body";
    }

    @GET
    @RunOnVirtualThread
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(operationId = "listJobs", summary = "The jobs, the newest first")
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "100", defaultValue = "100"))
    @Parameter(
            name = "before",
            in = ParameterIn.QUERY,
            description = "Go on from this job; the header Link has the address",
            schema = @Schema(type = SchemaType.STRING, format = "uuid"))
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Job[].class)))
    public Response list(@Context UriInfo uri) {
        Query query = new Query(uri.getQueryParameters());
        int limit = query.number("limit", 1, MOST_LISTED, MOST_LISTED);
        List<Job> jobs = store.list(query.id("before"), limit);
        Response.ResponseBuilder response = Response.ok(jobs);
        if (jobs.size() == limit) {
            response.header(
                    "Link",
                    "</v1/jobs?limit=%d&before=%s>; rel=\"next\""
                            .formatted(limit, jobs.getLast().id()));
        }
        return response.build();
    }

    @GET
    @Path("/{id}")
    @RunOnVirtualThread
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(operationId = "job", summary = "How far a job is")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Job.class)))
    @APIResponse(responseCode = "404", description = "There is no such job, or no longer")
    public Job job(@PathParam("id") UUID id) {
        return store.find(id).orElseThrow(() -> missing(id));
    }

    @GET
    @Path("/{id}/events")
    @Blocking
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "jobEvents",
            summary = "Watch a job",
            description = "Server-sent events: the job, each time that it got further, until it has ended.")
    @APIResponse(
            responseCode = "200",
            content = @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(implementation = Job.class)))
    @APIResponse(responseCode = "404", description = "There is no such job, or no longer")
    public Multi<Job> events(@PathParam("id") UUID id) {
        job(id);
        return Uni.createFrom()
                .item(() -> job(id))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .repeat()
                .withDelay(BETWEEN_EVENTS)
                .whilst(job -> job.state() == JobState.RUNNING)
                .skip()
                .repetitions();
    }

    @GET
    @Path("/{id}/results")
    @RunOnVirtualThread
    @Produces({JSON_LINES, NDJSON})
    @Operation(
            operationId = "jobResults",
            summary = "What became of the posts",
            description = "The posts that have ended, in the order of the file: as JSON Lines or as CSV.")
    @Parameter(
            name = "after",
            in = ParameterIn.QUERY,
            description = "Begin after this place in the file",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "0"))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            description = "How many places to go; all of them when absent. The header Link has the address of the next",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1"))
    @APIResponse(
            responseCode = "200",
            description = "The posts that have ended",
            content = {@Content(mediaType = JSON_LINES), @Content(mediaType = NDJSON), @Content(mediaType = CSV)})
    @APIResponse(responseCode = "404", description = "There is no such job, or no longer")
    public Response jsonLines(@PathParam("id") UUID id, @Context UriInfo uri) {
        return results(job(id), new Query(uri.getQueryParameters()), JSON_LINES, JsonLinesResults::new);
    }

    @GET
    @Path("/{id}/results")
    @RunOnVirtualThread
    @Produces(CSV + ";qs=0.5")
    @Operation(hidden = true)
    public Response csv(@PathParam("id") UUID id, @Context UriInfo uri) {
        Job job = job(id);
        return results(
                job,
                new Query(uri.getQueryParameters()),
                CSV + ";charset=utf-8",
                out -> new CsvResults(job.task(), out));
    }

    private Response results(Job job, Query query, String type, Function<OutputStream, ResultWriter> format) {
        int after = query.number("after", 0, Integer.MAX_VALUE, 0);
        int limit = query.number("limit", 1, Integer.MAX_VALUE, Integer.MAX_VALUE);
        int last = (int) Math.min(job.total(), (long) after + limit);
        StreamingOutput lines = out -> {
            ResultWriter writer = format.apply(out);
            write(job.id(), after, last, writer);
            // Only now: closed after a failure, an answer that breaks off would end as if it were complete.
            writer.close();
        };
        Response.ResponseBuilder response = Response.ok(lines, type);
        if (last < job.total()) {
            response.header(
                    "Link", "</v1/jobs/%s/results?after=%d&limit=%d>; rel=\"next\"".formatted(job.id(), last, limit));
        }
        return response.build();
    }

    /** Page by page, so that neither memory nor a connection is held for a reader who takes his time. */
    private void write(UUID id, int after, int last, ResultWriter writer) throws IOException {
        int place = after;
        List<JobStore.Result> page;
        do {
            page = store.results(id, place, last, PAGE);
            for (JobStore.Result result : page) {
                writer.write(result.place(), result.simulation());
                place = result.place();
            }
        } while (page.size() == PAGE);
    }

    @DELETE
    @Path("/{id}")
    @RunOnVirtualThread
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "cancelJob",
            summary = "Call a job off",
            description = "Posts that have ended keep their results; a job that has ended stays as it is.")
    @APIResponse(
            responseCode = "200",
            description = "The job as it is now",
            content = @Content(schema = @Schema(implementation = Job.class)))
    @APIResponse(responseCode = "404", description = "There is no such job, or no longer")
    public Job cancel(@PathParam("id") UUID id) {
        return store.cancel(id).orElseThrow(() -> missing(id));
    }

    private static NotFoundException missing(UUID id) {
        return new NotFoundException("there is no job " + id);
    }
}
