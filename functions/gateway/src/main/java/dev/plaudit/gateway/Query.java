package dev.plaudit.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Options;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.events.Task;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.UUID;

/** The parameters of a query; a wrong one is refused by its name, as a field of a document is. */
record Query(MultivaluedMap<String, String> parameters) {
    /** A text; null when it is not there. */
    String text(String name) {
        return parameters.getFirst(name);
    }

    /** A whole number within limits. */
    int number(String name, int least, int most, int otherwise) {
        if (text(name) == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text(name));
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new InvalidFieldException(name, "must be " + least + " to " + most + ", was '" + text(name) + "'");
    }

    /** Whether something is asked for; not when it is not there. */
    boolean flag(String name) {
        return switch (text(name)) {
            case null -> false;
            case "false" -> false;
            case "true" -> true;
            default -> throw new InvalidFieldException(name, "must be true or false, was '" + text(name) + "'");
        };
    }

    /** An id; null when it is not there. */
    UUID id(String name) {
        try {
            return text(name) == null ? null : UUID.fromString(text(name));
        } catch (IllegalArgumentException e) {
            throw new InvalidFieldException(name, "must be an id of a job, was '" + text(name) + "'");
        }
    }

    /** The task; behavior when it is not there. */
    Task task() {
        return switch (text("task")) {
            case null -> Task.BEHAVIOR;
            case "behavior" -> Task.BEHAVIOR;
            case "content" -> Task.CONTENT;
            default ->
                throw new InvalidFieldException("task", "must be behavior or content, was '" + text("task") + "'");
        };
    }

    /** What is asked beyond the bare answer, each field of {@link Options} and its writing a parameter of that name. */
    Options options() {
        ObjectNode options = SimulationJson.MAPPER.createObjectNode();
        options.put("explain", flag("explain"));
        set(options, "wishedLikes");
        ObjectNode writing = options.putObject("writing");
        List.of("drafts", "seed", "temperature", "topP", "maxNewTokens").forEach(name -> set(writing, name));
        parameters.getOrDefault("stop", List.of()).forEach(writing.withArray("stop")::add);
        return SimulationJson.read(SimulationJson.write(options), Options.class);
    }

    private void set(ObjectNode object, String name) {
        if (text(name) == null) {
            return;
        }
        try {
            JsonNode value = SimulationJson.MAPPER.readTree(text(name));
            if (value.isNumber()) {
                object.set(name, value);
                return;
            }
        } catch (JsonProcessingException e) {
            // told below
        }
        throw new InvalidFieldException(name, "must be a number, was '" + text(name) + "'");
    }
}
