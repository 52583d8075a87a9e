package dev.plaudit.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.plaudit.events.HeaderValue;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.SimulationJson;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Holds what comes and goes to CloudEvents' HTTP protocol binding where Funqy does not: attributes that must be there,
 * their encoding in headers, and data that is JSON where nobody says what it is.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md">CloudEvents'
 *     HTTP protocol binding 1.0.2</a>
 */
@ApplicationScoped
class HttpBinding {
    private static final String PREFIX = "ce-";
    private static final String JSON = "application/json";
    private static final String STRUCTURED = "application/cloudevents+json";
    private static final int WITH_BODY = RouteConstants.ROUTE_ORDER_BODY_HANDLER + 1;
    private static final Set<String> DATA = Set.of("data", "data_base64");
    private static final List<String> REQUIRED = List.of("id", "source", "specversion", "type");

    void register(@Observes Router router) {
        router.post("/").order(WITH_BODY).handler(HttpBinding::readBinary);
        router.post("/").order(WITH_BODY).consumes(STRUCTURED).blockingHandler(HttpBinding::readStructured, false);
    }

    private static void readBinary(RoutingContext context) {
        MultiMap headers = context.request().headers();
        String type = headers.get("Content-Type");
        headers.set("Content-Type", type == null ? JSON : type.toLowerCase(Locale.ROOT));
        if (!headers.get("Content-Type").startsWith("application/cloudevents")) {
            eachAttribute(headers, HeaderValue::decode);
            check(name -> headers.get(PREFIX + name));
            context.addHeadersEndHandler(
                    sent -> eachAttribute(context.response().headers(), HeaderValue::encode));
        }
        context.next();
    }

    private static void eachAttribute(MultiMap headers, UnaryOperator<String> change) {
        for (String name : List.copyOf(headers.names())) {
            if (name.toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
                String attribute = name.substring(PREFIX.length());
                headers.set(
                        name,
                        headers.getAll(name).stream()
                                .map(value -> requirePrintable(attribute, change.apply(value)))
                                .toList());
            }
        }
    }

    /** The type system of CloudEvents has no control characters; in a header they would end it. */
    private static String requirePrintable(String name, String value) {
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidFieldException(name, "must not hold control characters");
        }
        return value;
    }

    /** Funqy asks for a content type of the data, which is JSON unless said otherwise, and does not know base64. */
    private static void readStructured(RoutingContext context) {
        if (!((RoutingContextInternal) context).seenHandler(RoutingContextInternal.BODY_HANDLER)) {
            // Here no function of Funqy's follows: whoever takes the event reads it.
            context.next();
            return;
        }
        if (!(tree(context.body().buffer()) instanceof ObjectNode event)) {
            throw new InvalidFieldException("$", "must be a JSON object, the event");
        }
        toText(event);
        check(name -> event.path(name).asText(null));
        if (event.path("datacontenttype").asText(JSON).toLowerCase(Locale.ROOT).startsWith(JSON)) {
            event.put("datacontenttype", JSON);
            if (event.remove("data_base64") instanceof JsonNode data) {
                event.set("data", tree(Buffer.buffer(bytes(data))));
            }
        }
        ((RoutingContextInternal) context).setBody(Buffer.buffer(SimulationJson.write(event)));
        context.next();
    }

    /** Funqy loses numbers and booleans, which have a text of their own; an attribute that is null is none. */
    private static void toText(ObjectNode event) {
        event.properties().removeIf(attribute -> attribute.getValue().isNull());
        event.properties().stream()
                .filter(attribute -> !DATA.contains(attribute.getKey()))
                .forEach(attribute -> attribute.setValue(text(attribute.getKey(), attribute.getValue())));
    }

    private static JsonNode text(String name, JsonNode value) {
        if (value.isContainerNode()) {
            throw new InvalidFieldException(name, "must be text, a number or a boolean");
        }
        return TextNode.valueOf(requirePrintable(name, value.asText()));
    }

    private static byte[] bytes(JsonNode base64) {
        try {
            return base64.binaryValue();
        } catch (IOException e) {
            throw new InvalidFieldException("data_base64", "must be Base64");
        }
    }

    private static JsonNode tree(Buffer json) {
        return SimulationJson.read(json == null ? new byte[0] : json.getBytes(), JsonNode.class);
    }

    private static void check(UnaryOperator<String> attributes) {
        for (String name : REQUIRED) {
            if (attributes.apply(name) == null) {
                throw new InvalidFieldException(name, "is missing");
            }
        }
        for (String name : List.of("id", "source", "type", "subject")) {
            if ("".equals(attributes.apply(name))) {
                throw new InvalidFieldException(name, "must not be empty");
            }
        }
        String version = attributes.apply("specversion");
        if (!version.equals("1.0")) {
            throw new InvalidFieldException("specversion", "must be 1.0, was " + version);
        }
        String time = attributes.apply("time");
        try {
            if (time != null) {
                OffsetDateTime.parse(time);
            }
        } catch (DateTimeException e) {
            throw new InvalidFieldException("time", "must be a time as in RFC 3339, was " + time);
        }
    }
}
