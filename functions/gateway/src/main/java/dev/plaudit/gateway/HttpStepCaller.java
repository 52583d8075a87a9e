package dev.plaudit.gateway;

import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Problem;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.events.Step;
import io.quarkus.arc.DefaultBean;
import io.quarkus.funqy.knative.events.CloudEvent;
import io.quarkus.funqy.knative.events.CloudEventBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;

/** Calls functions by CloudEvents' HTTP protocol binding, binary content mode. */
@ApplicationScoped
@DefaultBean
class HttpStepCaller implements StepCaller {
    private static final String PREFIX = "ce-";
    private static final Set<String> ATTRIBUTES = Set.of("id", "specversion", "type", "source", "subject", "time");

    private final Map<String, URI> functions;
    private final Duration timeout;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    HttpStepCaller(GatewayConfig config) {
        this.functions = config.functions();
        this.timeout = config.stepTimeout();
    }

    @Override
    public boolean reaches(Step step) {
        return functions.containsKey(step.function());
    }

    @Override
    public CloudEvent<Simulation> call(Step step, CloudEvent<Simulation> event) {
        URI function = functions.get(step.function());
        if (function == null) {
            throw new StepUnavailableException(
                    step, "has no address: set plaudit.gateway.functions." + step.function(), false, null);
        }
        try {
            return answer(step, client.send(request(function, event), HttpResponse.BodyHandlers.ofString()));
        } catch (HttpTimeoutException e) {
            throw new StepUnavailableException(step, "did not answer within " + timeout.toSeconds() + " s", true, e);
        } catch (IOException e) {
            throw new StepUnavailableException(step, "cannot be reached", false, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("nobody waits for the step " + step.function() + " any more");
        }
    }

    private HttpRequest request(URI function, CloudEvent<Simulation> event) {
        HttpRequest.Builder request = HttpRequest.newBuilder(function)
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .header(PREFIX + "specversion", "1.0")
                .header(PREFIX + "id", event.id())
                .header(PREFIX + "type", event.type())
                .header(PREFIX + "source", event.source())
                .header(PREFIX + "subject", event.subject())
                .header(PREFIX + "time", event.time().toString());
        event.extensions().forEach((name, value) -> request.header(PREFIX + name, value));
        return request.POST(HttpRequest.BodyPublishers.ofString(SimulationJson.write(event.data())))
                .build();
    }

    private static CloudEvent<Simulation> answer(Step step, HttpResponse<String> response) {
        return switch (response.statusCode()) {
            case 200 -> event(step, response);
            case 400, 422 -> {
                Problem problem = SimulationJson.read(response.body(), Problem.class);
                throw new InvalidFieldException(problem.field() == null ? "$" : problem.field(), problem.detail());
            }
            case 429, 503 -> throw new RejectedExecutionException("the step " + step.function() + " is busy");
            default -> throw new StepUnavailableException(step, "answered with " + response.statusCode(), false, null);
        };
    }

    private static CloudEvent<Simulation> event(Step step, HttpResponse<String> response) {
        Map<String, String> attributes = new HashMap<>();
        Map<String, String> extensions = new HashMap<>();
        response.headers().map().forEach((header, values) -> {
            String name = header.toLowerCase(java.util.Locale.ROOT);
            if (name.startsWith(PREFIX)) {
                String attribute = name.substring(PREFIX.length());
                (ATTRIBUTES.contains(attribute) ? attributes : extensions).put(attribute, values.getFirst());
            }
        });
        if (!attributes.keySet().containsAll(Set.of("id", "type", "source"))) {
            throw new StepUnavailableException(step, "answered with something that is no CloudEvent", false, null);
        }
        return CloudEventBuilder.create()
                .id(attributes.get("id"))
                .type(attributes.get("type"))
                .source(attributes.get("source"))
                .subject(attributes.get("subject"))
                .time(attributes.containsKey("time") ? OffsetDateTime.parse(attributes.get("time")) : null)
                .extensions(extensions)
                .build(SimulationJson.read(response.body(), Simulation.class));
    }
}
