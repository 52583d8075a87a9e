package dev.plaudit.inference;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JSON file of a checkpoint folder, read field by field; every refusal names the file and the field.
 *
 * @param path where it lies
 * @param root its object
 */
public record ConfigFile(Path path, JsonNode root) {
    /** The file that describes a checkpoint's architecture. */
    public static final String NAME = "config.json";

    /** The names of a vocabulary are read once: to keep a table of them costs more than it saves. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build());

    /** @throws ModelException when there is no such file, or it is no JSON object */
    public static ConfigFile read(Path path) {
        try {
            JsonNode root = JSON.readTree(path.toFile());
            if (!root.isObject()) {
                throw new ModelException(path + " is no JSON object");
            }
            return new ConfigFile(path, root);
        } catch (IOException e) {
            throw new ModelException(path + " is missing or no valid JSON", e);
        }
    }

    /** A whole number of at least 1. */
    public int positive(String field) {
        JsonNode value = root.path(field);
        if (!value.isInt() || value.intValue() < 1) {
            throw new ModelException(path + ": " + field + " must be a whole number of at least 1");
        }
        return value.intValue();
    }

    /** A whole number of at least 1, or {@code otherwise} when the field is missing or null. */
    public int positive(String field, int otherwise) {
        return root.hasNonNull(field) ? positive(field) : otherwise;
    }

    /** A whole number from 0 up, or {@code otherwise} when the field is missing or null. */
    public int natural(String field, int otherwise) {
        JsonNode value = root.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isInt() || value.intValue() < 0) {
            throw new ModelException(path + ": " + field + " must be a whole number of at least 0");
        }
        return value.intValue();
    }

    /** A number, or {@code otherwise} when the field is missing or null. */
    public double number(String field, double otherwise) {
        JsonNode value = root.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw new ModelException(path + ": " + field + " must be a number");
        }
        return value.doubleValue();
    }

    /** A truth value, or {@code otherwise} when the field is missing or null. */
    public boolean flag(String field, boolean otherwise) {
        JsonNode value = root.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw new ModelException(path + ": " + field + " must be true or false");
        }
        return value.booleanValue();
    }

    /** An object inside this one, to be read in the same way; empty when it is missing. */
    public ConfigFile part(String field) {
        JsonNode value = root.path(field);
        return new ConfigFile(path, value.isObject() ? value : JSON.createObjectNode());
    }

    /** A text, or {@code otherwise} when the field is missing or null. */
    public String text(String field, String otherwise) {
        JsonNode value = root.path(field);
        return value.isMissingNode() || value.isNull() ? otherwise : value.asText();
    }

    /**
     * The names of a classifier's labels, in the order of its logits: {@code id2label}, or {@code LABEL_0…} for {@code
     * num_labels}, of which there are 2 unless the file says otherwise.
     */
    public List<String> labels() {
        JsonNode id2label = root.path("id2label");
        int count = id2label.isObject() && !id2label.isEmpty() ? id2label.size() : natural("num_labels", 2);
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            JsonNode label = id2label.path(Integer.toString(i));
            if (id2label.isObject() && label.isMissingNode()) {
                throw new ModelException(path + ": id2label has " + count + " labels but none for " + i);
            }
            labels.add(label.asText("LABEL_" + i));
        }
        return List.copyOf(labels);
    }
}
