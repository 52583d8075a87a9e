package dev.plaudit.events;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * How documents are read and written as JSON: unknown fields are ignored, wrong types are refused, and every refusal
 * names the field.
 */
public final class SimulationJson {
    /** Shared; thread-safe. */
    public static final ObjectMapper MAPPER = configure(new ObjectMapper());

    private static final Map<Class<?>, String> KINDS = Map.of(
            String.class, "text",
            boolean.class, "true or false",
            Boolean.class, "true or false",
            int.class, "a whole number",
            Integer.class, "a whole number",
            long.class, "a whole number",
            Long.class, "a whole number",
            double.class, "a number",
            Double.class, "a number",
            EarlierPost.class, "a number of likes, or an object");

    private SimulationJson() {}

    /** Gives any mapper the rules of these documents. */
    public static ObjectMapper configure(ObjectMapper mapper) {
        mapper.registerModule(new JavaTimeModule());
        mapper.configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
        mapper.configure(DeserializationFeature.ACCEPT_FLOAT_AS_INT, false);
        mapper.configure(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS, true);
        mapper.configure(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, true);
        mapper.configure(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, false);
        mapper.configure(MapperFeature.ALLOW_COERCION_OF_SCALARS, false);
        mapper.coercionConfigFor(LogicalType.Textual)
                .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
        return mapper;
    }

    /**
     * Reads a document.
     *
     * @throws InvalidFieldException naming the field at fault; {@code $} when the text is no JSON at all
     */
    public static <T> T read(String json, Class<T> type) {
        return read(parser -> parser.forType(type).readValue(json));
    }

    /** Reads a document of UTF-8 bytes; otherwise as {@link #read(String, Class)}. */
    public static <T> T read(byte[] json, Class<T> type) {
        return read(parser -> parser.forType(type).readValue(json));
    }

    /** Reads a JSON array of documents; otherwise as {@link #read(String, Class)}. */
    public static <T> List<T> readList(byte[] json, Class<T> element) {
        return read(parser -> parser.forType(MAPPER.getTypeFactory().constructCollectionType(List.class, element))
                .readValue(json));
    }

    /** Whether a text begins as a JSON array does; false where it is no JSON. */
    public static boolean startsList(byte[] json) {
        try (JsonParser parser = MAPPER.createParser(json)) {
            return parser.nextToken() == JsonToken.START_ARRAY;
        } catch (IOException e) {
            return false;
        }
    }

    private interface Reading<T> {
        T read(ObjectReader reader) throws IOException;
    }

    private static <T> T read(Reading<T> reading) {
        try {
            T value = reading.read(MAPPER.reader());
            if (value == null) {
                throw new InvalidFieldException("$", "must not be null");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw invalid(e);
        } catch (IOException e) {
            throw new InvalidFieldException("$", "must be JSON in UTF-8");
        }
    }

    /** Writes a document on one line. */
    public static String write(Object document) {
        try {
            return MAPPER.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** What a failed reading was about, with the field's whole path. */
    public static InvalidFieldException invalid(JsonProcessingException e) {
        String path = e instanceof JsonMappingException mapping ? path(mapping.getPath()) : "";
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidFieldException field) {
                boolean named = path.equals(field.field()) || path.endsWith("." + field.field());
                return new InvalidFieldException(
                        named ? path : path.isEmpty() ? field.field() : path + "." + field.field(), field.rule());
            }
        }
        String where = e.getLocation() == null || e.getLocation().getLineNr() < 0
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
        return new InvalidFieldException(path.isEmpty() ? "$" : path, reason(e) + where);
    }

    private static String reason(JsonProcessingException e) {
        String message = e.getOriginalMessage() == null ? "cannot be read" : e.getOriginalMessage();
        if (e instanceof MismatchedInputException mismatch) {
            if (message.startsWith("No content")) {
                return "must not be empty";
            }
            if (message.startsWith("Missing required")) {
                return "is missing";
            }
            String kind = kind(mismatch.getTargetType());
            if (message.startsWith("Cannot") && kind != null) {
                return "must be " + kind;
            }
        }
        return plain(message);
    }

    /** What a value of a type is in JSON; null where the parser's message says more. */
    private static String kind(Class<?> type) {
        if (type == null) {
            return null;
        }
        String other = Collection.class.isAssignableFrom(type) ? "a list" : type.isRecord() ? "an object" : null;
        return KINDS.getOrDefault(type, other);
    }

    private static String path(List<JsonMappingException.Reference> references) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : references) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.toString();
    }

    /** A parser's message without the names of our classes or of the parser's settings. */
    private static String plain(String message) {
        String plain = message.replaceAll("`?(?:java|dev|com)\\.[\\w.$<>,]+\\.(\\w+)[\\w.$<>]*`?", "$1")
                .replaceAll("\\s*\\((?:although|but could if) .*", "")
                .replaceAll("\\s*\\(set \\S+ .*", "")
                .replaceAll("\\s*\\(start marker at [^\\]]*\\]\\)", "")
                .replaceAll(", from `StreamReadConstraints[^`]*`", "")
                .replaceAll("\\s*\\(`?(?:StreamReadConstraints|DeserializationFeature)[^)]*\\)+", "")
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
        return plain.length() <= 200 ? plain : plain.substring(0, 200) + "…";
    }
}
