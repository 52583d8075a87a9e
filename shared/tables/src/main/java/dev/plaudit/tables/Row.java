package dev.plaudit.tables;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plaudit.events.Post;
import java.util.OptionalInt;
import java.util.SequencedMap;

/** A row of a {@link PostTable}. */
public sealed interface Row {
    /** Where the row begins, counted from 1: a line of text, or a row of the spreadsheet; the header counts too. */
    long line();

    /**
     * All that the file says of the row, by column name and in the file's order. Cells of a CSV are texts; numbers of a
     * workbook and whatever JSON holds keep their type. Holds no more than could be told apart when the row is
     * {@link Unreadable}.
     */
    SequencedMap<String, JsonNode> columns();

    /** A cell as text, empty when it is blank; null when the row has no such column. The name must match exactly. */
    default String text(String column) {
        JsonNode cell = columns().get(column);
        return cell == null ? null : Cells.text(cell);
    }

    /**
     * A post.
     *
     * @param post what can be scored; its first medium carries the column {@code caption}
     * @param likes what the post got, if the table says so; not negative
     */
    record Readable(long line, SequencedMap<String, JsonNode> columns, Post post, OptionalInt likes) implements Row {}

    /**
     * A row that is no post.
     *
     * @param field the field at fault, as in {@code media[0].url}; {@code $} when it is the row as a whole
     * @param reason the rule that is broken, as in {@code must not be negative, was -3}
     */
    record Unreadable(long line, SequencedMap<String, JsonNode> columns, String field, String reason) implements Row {
        /** What is wrong, as in {@code date: must be a date such as 2026-03-01T09:00, was 'soon'}. */
        public String problem() {
            return (field.equals("$") ? "" : field + ": ") + reason;
        }

        /** Where and what, as in {@code line 12: date: must be a date such as 2026-03-01T09:00, was 'soon'}. */
        public String message() {
            return "line " + line + ": " + problem();
        }
    }
}
