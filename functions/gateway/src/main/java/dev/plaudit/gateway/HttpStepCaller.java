package dev.plaudit.gateway;

import dev.plaudit.events.HeaderValue;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Problem;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.events.Step;
import dev.plaudit.function.DraftListener;
import dev.plaudit.function.Events;
import dev.plaudit.function.StandardEvents;
import dev.plaudit.function.StreamedAnswer;
import dev.plaudit.function.UnsupportedContentException;
import dev.plaudit.gateway.StepUnavailableException.Reason;
import io.cloudevents.jackson.JsonFormat;
import io.quarkus.arc.DefaultBean;
import io.quarkus.funqy.knative.events.CloudEvent;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/**
 * Calls functions by CloudEvents' HTTP protocol binding, binary content mode. An event that
 * {@linkplain Events#expiry expires} is not waited for longer than that, nor called again afterwards.
 */
@ApplicationScoped
@DefaultBean
class HttpStepCaller implements StepCaller {
    private static final String PREFIX = "ce-";

    private final Map<String, URI> functions;
    private final Duration timeout;
    private final Map<Step, StepGuard> guards = new EnumMap<>(Step.class);
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    HttpStepCaller(GatewayConfig config) {
        this.functions = config.functions();
        this.timeout = config.stepTimeout();
        for (Step step : Step.values()) {
            guards.put(step, new StepGuard(step, config.retries(), config.circuitDelay()));
        }
    }

    @Override
    public boolean reaches(Step step) {
        return functions.containsKey(step.function());
    }

    @Override
    public CloudEvent<Simulation> call(Step step, CloudEvent<Simulation> event, DraftListener drafts) {
        URI function = functions.get(step.function());
        if (function == null) {
            throw new StepUnavailableException(
                    step, Reason.BROKEN, "has no address: set plaudit.gateway.functions." + step.function());
        }
        HttpRequest.Builder request = request(function, event);
        if (step == Step.GENERATE && drafts != DraftListener.NONE) {
            request.header("Accept", StreamedAnswer.MEDIA_TYPE);
        }
        HttpRequest call = request.build();
        Instant expiry = Events.expiry(event);
        return guards.get(step).call(() -> call(step, call, new StreamedAnswerReader(drafts), expiry));
    }

    private CloudEvent<Simulation> call(Step step, HttpRequest request, StreamedAnswerReader stream, Instant expiry) {
        try {
            return exchange(step, request, stream, expiry);
        } catch (StepUnavailableException e) {
            // What has been heard cannot be taken back: a draft that breaks off is not begun again.
            throw stream.heard() ? e.forGood() : e;
        }
    }

    private CloudEvent<Simulation> exchange(
            Step step, HttpRequest request, StreamedAnswerReader stream, Instant expiry) {
        Instant now = Instant.now();
        boolean expires = expiry.isBefore(now.plus(timeout));
        Duration patience = expires ? Duration.between(now, expiry) : timeout;
        CompletableFuture<HttpResponse<String>> exchange = client.sendAsync(request, body(stream));
        try {
            hear(step, stream, exchange, patience);
            return answer(step, exchange.get(), stream, expiry);
        } catch (TimeoutException e) {
            String time =
                    expires ? "before the time for the whole call was over" : "within " + timeout.toMillis() + " ms";
            throw new StepUnavailableException(step, Reason.LATE, "did not answer " + time, Duration.ZERO, expiry, e);
        } catch (ExecutionException e) {
            throw new StepUnavailableException(
                    step, Reason.UNREACHABLE, "cannot be reached", Duration.ZERO, expiry, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("nobody waits for the step " + step.function() + " any more");
        } finally {
            exchange.cancel(true);
        }
    }

    private static void hear(Step step, StreamedAnswerReader stream, CompletableFuture<?> exchange, Duration patience)
            throws InterruptedException, TimeoutException {
        try {
            stream.hear(exchange, patience);
        } catch (InvalidFieldException e) {
            throw noEvent(step, e);
        }
    }

    /** A stream is left to its reader. */
    private static HttpResponse.BodyHandler<String> body(StreamedAnswerReader stream) {
        return response -> isStream(response.headers())
                ? HttpResponse.BodySubscribers.fromLineSubscriber(stream, end -> "", StandardCharsets.UTF_8, null)
                : HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8);
    }

    private static boolean isStream(HttpHeaders headers) {
        return headers.firstValue("Content-Type").orElse("").startsWith(StreamedAnswer.MEDIA_TYPE);
    }

    /** The event as a call, in binary content mode. */
    static HttpRequest.Builder request(URI address, CloudEvent<Simulation> event) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .header(PREFIX + "specversion", "1.0")
                .header(PREFIX + "id", HeaderValue.encode(event.id()))
                .header(PREFIX + "type", HeaderValue.encode(event.type()))
                .header(PREFIX + "source", HeaderValue.encode(event.source()))
                .header(PREFIX + "subject", HeaderValue.encode(event.subject()))
                .header(PREFIX + "time", event.time().toString());
        event.extensions().forEach((name, value) -> request.header(PREFIX + name, HeaderValue.encode(value)));
        return request.POST(HttpRequest.BodyPublishers.ofString(SimulationJson.write(event.data())));
    }

    private static CloudEvent<Simulation> answer(
            Step step, HttpResponse<String> response, StreamedAnswerReader stream, Instant expiry) {
        int status = response.statusCode();
        return switch (status) {
            case 200 -> event(step, response, isStream(response.headers()) ? stream.answer() : response.body());
            case 400, 422 -> throw refusal(step, response);
            case 413 -> throw new InvalidFieldException("$", "is larger than the step " + step.function() + " takes");
            case 429, 503 ->
                throw new StepUnavailableException(step, Reason.BUSY, "is busy", retryAfter(response), expiry, null);
            case 408, 425, 502, 504 ->
                throw new StepUnavailableException(
                        step, Reason.UNREACHABLE, "answered with " + status, retryAfter(response), expiry, null);
            default -> throw new StepUnavailableException(step, Reason.BROKEN, "answered with " + status);
        };
    }

    /** What a function says of a document that it can never work on; of anybody else's refusal that is nothing. */
    private static RuntimeException refusal(Step step, HttpResponse<String> response) {
        try {
            Problem problem = SimulationJson.read(response.body(), Problem.class);
            if (problem.detail() != null) {
                return new InvalidFieldException(problem.field() == null ? "$" : problem.field(), problem.detail());
            }
        } catch (InvalidFieldException e) {
            // told below
        }
        return new StepUnavailableException(step, Reason.BROKEN, "answered with " + response.statusCode());
    }

    /** RFC 9110, section 10.2.3, in its form of seconds; a date would be from another clock. */
    private static Duration retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(seconds -> seconds.matches("\\d{1,6}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .orElse(Duration.ZERO);
    }

    private static CloudEvent<Simulation> event(Step step, HttpResponse<?> response, String body) {
        try {
            return StandardEvents.toFunction(StandardEvents.read(
                    header -> response.headers().map().forEach((name, values) -> read(name, values, header)),
                    body.getBytes(StandardCharsets.UTF_8)));
        } catch (InvalidFieldException | UnsupportedContentException e) {
            throw noEvent(step, e);
        }
    }

    private static StepUnavailableException noEvent(Step step, RuntimeException cause) {
        String detail = "answered with something that is no CloudEvent";
        return new StepUnavailableException(step, Reason.BROKEN, detail, Duration.ZERO, Instant.MIN, cause);
    }

    private static void read(String name, List<String> values, BiConsumer<String, String> header) {
        String value = values.getFirst();
        if (name.toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
            header.accept(name, HeaderValue.decode(value));
        } else if (name.equalsIgnoreCase("Content-Type")) {
            header.accept(name, value.startsWith(StreamedAnswer.MEDIA_TYPE) ? JsonFormat.CONTENT_TYPE : value);
        }
    }
}
