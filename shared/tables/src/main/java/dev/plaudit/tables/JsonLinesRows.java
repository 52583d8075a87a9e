package dev.plaudit.tables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Post;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.events.Task;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * The rows of a JSON Lines file: each line is a {@link Post}, beside which {@code caption} and {@code likes} may stand. The
 * names that a table's columns have are understood too, so that a table turned into JSON Lines still means the same.
 */
final class JsonLinesRows implements RowReader {
    private final ByteWindow window;
    private final Task task;
    private long line;
    private boolean damageTold;
    private final List<String> columns;
    private Row first;

    JsonLinesRows(ByteWindow window, Task task) {
        this.window = window;
        this.task = task;
        this.first = read();
        this.columns = first == null ? List.of() : List.copyOf(first.columns().keySet());
    }

    /** The fields of the first line. */
    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public Row next() {
        if (first != null) {
            Row row = first;
            first = null;
            return row;
        }
        return read();
    }

    private Row read() {
        while (true) {
            line++;
            int length = 0;
            while (length < ByteWindow.MAX_ROW && window.at(length) >= 0 && window.at(length) != '\n') {
                length++;
            }
            if (length == ByteWindow.MAX_ROW) {
                window.skipLine(length);
                return unreadable("is longer than " + ByteWindow.MAX_ROW + " bytes");
            }
            boolean ended = window.at(length) >= 0;
            if (!ended && window.damage() != null) {
                window.skip(length);
                boolean told = damageTold;
                damageTold = true;
                return told ? null : unreadable(window.damage());
            }
            if (!ended && length == 0) {
                return null;
            }
            String text;
            try {
                text = window.text(length);
            } catch (CharacterCodingException e) {
                return unreadable(e.getMessage());
            } finally {
                window.skip(ended ? length + 1 : length);
            }
            if (!text.isBlank()) {
                return row(text);
            }
        }
    }

    private Row row(String text) {
        JsonNode json;
        try {
            json = SimulationJson.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return unreadable(SimulationJson.invalid(e).rule());
        }
        if (!(json instanceof ObjectNode object)) {
            return unreadable("must be a JSON object, one post on each line");
        }
        SequencedMap<String, JsonNode> cells = new LinkedHashMap<>();
        object.properties().forEach(field -> cells.put(field.getKey(), field.getValue()));
        try {
            Map<Column, JsonNode> fields = new EnumMap<>(Column.class);
            ObjectNode account = fields(object, fields);
            JsonNode caption = fields.getOrDefault(Column.CAPTION, NullNode.instance);
            if (!caption.isTextual() && !caption.isNull()) {
                throw new InvalidFieldException("caption", "must be text");
            }
            Post post = SimulationJson.MAPPER.treeToValue(document(fields, account), Post.class);
            post = new Post(
                            post.id(),
                            post.content(),
                            post.username(),
                            post.company(),
                            post.date(),
                            PostColumns.captioned(post.media(), Cells.text(caption)),
                            post.account())
                    .requireFitFor(task);
            JsonNode likes = fields.getOrDefault(Column.LIKES, NullNode.instance);
            return new Row.Readable(line, cells, post, PostColumns.likes(Cells.text(likes)));
        } catch (InvalidFieldException e) {
            return new Row.Unreadable(line, cells, e.field(), e.rule());
        } catch (JsonProcessingException e) {
            InvalidFieldException invalid = SimulationJson.invalid(e);
            return new Row.Unreadable(line, cells, invalid.field(), invalid.rule());
        }
    }

    /**
     * Puts what a line says under the columns that it means; gives what it says in a document of the account.
     *
     * @throws InvalidFieldException when two fields mean the same
     */
    private static ObjectNode fields(ObjectNode line, Map<Column, JsonNode> fields) {
        ObjectNode account = SimulationJson.MAPPER.createObjectNode();
        line.properties().forEach(field -> {
            Column column = Column.named(field.getKey());
            JsonNode value = field.getValue();
            if (column == Column.USERNAME && value instanceof ObjectNode object) {
                account.setAll(object);
            } else if (column != null && !value.isNull() && fields.putIfAbsent(column, value) != null) {
                throw new InvalidFieldException(
                        field.getKey(), "means the same as another field of the line: rename or remove one");
            }
        });
        return account.removeNulls();
    }

    /** The post's document; what the account's own says counts before what stands beside it. */
    private static ObjectNode document(Map<Column, JsonNode> fields, ObjectNode given) {
        ObjectNode post = SimulationJson.MAPPER.createObjectNode();
        ObjectNode account = SimulationJson.MAPPER.createObjectNode();
        fields.forEach((column, value) -> {
            switch (column) {
                case CONTENT -> post.set("content", value);
                case COMPANY -> post.set("company", value);
                case MEDIA ->
                    post.set(
                            "media",
                            value.isTextual()
                                    ? SimulationJson.MAPPER.valueToTree(
                                            MediaRepr.parse(value.textValue()).media())
                                    : value);
                case FOLLOWERS ->
                    account.set("followers", number(value, "followers", BigDecimal::longValueExact, LongNode::valueOf));
                case LOCATION -> account.set("location", value);
                case TYPICAL_LIKES ->
                    account.set(
                            "typicalLikes",
                            number(value, "typicalLikes", BigDecimal::doubleValue, DoubleNode::valueOf));
                case USERNAME -> post.set("username", value);
                case ID -> post.set("id", value.isNumber() ? TextNode.valueOf(value.asText()) : value);
                case DATE -> post.set("date", value);
                case CAPTION, LIKES -> {}
            }
        });
        return post.set("account", account.setAll(given));
    }

    /** A number, also where a table wrote it as text, or a whole one with a decimal point. */
    private static <T> JsonNode number(
            JsonNode value, String field, PostColumns.Narrowing<T> type, Function<T, JsonNode> node) {
        if (!value.isTextual() && !value.isNumber()) {
            return value;
        }
        T number = PostColumns.number(value.asText(), field, type);
        return number == null ? NullNode.instance : node.apply(number);
    }

    private Row unreadable(String reason) {
        return new Row.Unreadable(line, new LinkedHashMap<>(), "$", reason);
    }

    @Override
    public void close() throws IOException {
        window.close();
    }
}
