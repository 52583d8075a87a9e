package dev.plaudit.function;

import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.format.EventDeserializationException;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.rw.CloudEventRWException;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Events by CloudEvents' own libraries, for where Funqy neither reads nor writes them. */
public final class StandardEvents {
    private static final Pattern NO_ATTRIBUTE = Pattern.compile("ce-.*[^a-z0-9].*", Pattern.CASE_INSENSITIVE);

    private StandardEvents() {}

    /** A function's event. */
    public static CloudEvent of(io.quarkus.funqy.knative.events.CloudEvent<Simulation> event) {
        CloudEventBuilder builder = CloudEventBuilder.v1()
                .withId(event.id())
                .withSource(URI.create(event.source()))
                .withType(event.type())
                .withSubject(event.subject())
                .withTime(event.time())
                .withData("application/json", SimulationJson.write(event.data()).getBytes(StandardCharsets.UTF_8));
        event.extensions().forEach(builder::withExtension);
        return builder.build();
    }

    /**
     * The event that a request brings, in binary or structured content mode.
     *
     * @param request with its body read, attributes in its headers decoded
     * @throws InvalidFieldException when it is none
     */
    public static CloudEvent read(RoutingContext request) {
        Buffer body = request.body().buffer();
        return read(request.request().headers()::forEach, body == null ? new byte[0] : body.getBytes());
    }

    /**
     * The event of an HTTP message, in binary or structured content mode. Headers that would be attributes but for characters
     * that no attribute's name has (specification 1.0.2, section "Naming Conventions") are passed over.
     *
     * @param headers gives each of them to whom it is called with, attributes decoded
     * @throws InvalidFieldException when it is none
     */
    public static CloudEvent read(Consumer<BiConsumer<String, String>> headers, byte[] body) {
        try {
            return HttpMessageFactory.createReader(attributes -> headers.accept(known(attributes)), body)
                    .toEvent();
        } catch (CloudEventRWException | EventDeserializationException e) {
            throw new InvalidFieldException("$", "must be a CloudEvent: " + e.getMessage());
        }
    }

    private static BiConsumer<String, String> known(BiConsumer<String, String> headers) {
        return (name, value) -> {
            if (!NO_ATTRIBUTE.matcher(name).matches()) {
                headers.accept(name, value);
            }
        };
    }

    /**
     * The event as functions have it.
     *
     * @throws InvalidFieldException when its data is missing or is no simulation
     * @throws UnsupportedContentException when its data is not JSON
     */
    public static io.quarkus.funqy.knative.events.CloudEvent<Simulation> toFunction(CloudEvent event) {
        String contentType = event.getDataContentType();
        if (contentType != null && !contentType.startsWith("application/json")) {
            throw new UnsupportedContentException(contentType);
        }
        Map<String, String> extensions = new HashMap<>();
        for (String name : event.getExtensionNames()) {
            extensions.put(name, String.valueOf(event.getExtension(name)));
        }
        return io.quarkus.funqy.knative.events.CloudEventBuilder.create()
                .id(event.getId())
                .type(event.getType())
                .source(event.getSource().toString())
                .subject(event.getSubject())
                .time(event.getTime())
                .extensions(extensions)
                .build(simulation(event));
    }

    /**
     * What the event tells of.
     *
     * @throws InvalidFieldException when that is missing or is no simulation
     */
    public static Simulation simulation(CloudEvent event) {
        byte[] data = event.getData() == null ? new byte[0] : event.getData().toBytes();
        return SimulationJson.read(data, Simulation.class);
    }
}
