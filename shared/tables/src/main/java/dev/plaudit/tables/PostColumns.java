package dev.plaudit.tables;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plaudit.events.Account;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Media;
import dev.plaudit.events.Post;
import dev.plaudit.events.PostDate;
import dev.plaudit.events.Task;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedMap;

/** Which columns of a table make a post, and the post they make. */
final class PostColumns {
    private final List<String> names;
    private final Map<Column, String> meanings;
    private final Task task;

    private PostColumns(List<String> names, Map<Column, String> meanings, Task task) {
        this.names = names;
        this.meanings = meanings;
        this.task = task;
    }

    /** @throws TableException when the header has nothing for the task, or two columns mean the same */
    static PostColumns of(String file, List<String> header, Task task) {
        List<String> names =
                Cells.distinct(List.of(), header.stream().map(String::strip).toList());
        Map<Column, String> meanings = new EnumMap<>(Column.class);
        for (int i = 0; i < names.size(); i++) {
            Column column = Column.named(header.get(i));
            String earlier = column == null ? null : meanings.putIfAbsent(column, names.get(i));
            if (earlier != null) {
                throw new TableException("Two columns of %s mean the same, '%s' and '%s': rename or remove one."
                        .formatted(file, earlier, header.get(i).strip()));
            }
        }
        switch (task) {
            case BEHAVIOR, LEVEL ->
                require(
                        !Collections.disjoint(
                                meanings.keySet(), EnumSet.of(Column.CONTENT, Column.MEDIA, Column.CAPTION)),
                        "No column of %s can be scored: one must be content (or text), media or caption.",
                        file);
            case CONTENT ->
                require(
                        !Collections.disjoint(
                                meanings.keySet(),
                                EnumSet.of(Column.COMPANY, Column.USERNAME, Column.MEDIA, Column.CAPTION)),
                        "No column of %s says what to write about: one must be company, username, media or caption.",
                        file);
        }
        return new PostColumns(names, meanings, task);
    }

    private static void require(boolean holds, String otherwise, String file) {
        if (!holds) {
            throw new TableException(otherwise.formatted(file));
        }
    }

    List<String> names() {
        return names;
    }

    /** The row that has these cells. */
    Row row(long line, List<? extends JsonNode> cells) {
        SequencedMap<String, JsonNode> columns = Cells.named(names, cells);
        if (cells.size() != names.size()) {
            return new Row.Unreadable(
                    line, columns, "$", "has " + cells.size() + " columns where the header has " + names.size());
        }
        try {
            return new Row.Readable(line, columns, post(columns), likes(text(columns, Column.LIKES)));
        } catch (InvalidFieldException e) {
            return new Row.Unreadable(line, columns, e.field(), e.rule());
        }
    }

    private Post post(Map<String, JsonNode> columns) {
        String date = text(columns, Column.DATE);
        Long followers = number(text(columns, Column.FOLLOWERS), "followers", BigDecimal::longValueExact);
        Double typicalLikes = number(text(columns, Column.TYPICAL_LIKES), "typicalLikes", BigDecimal::doubleValue);
        return new Post(
                        text(columns, Column.ID),
                        text(columns, Column.CONTENT),
                        text(columns, Column.USERNAME),
                        text(columns, Column.COMPANY),
                        date.isBlank() ? null : PostDate.parse(date),
                        captioned(MediaRepr.parse(text(columns, Column.MEDIA)).media(), text(columns, Column.CAPTION)),
                        new Account(followers, text(columns, Column.LOCATION), typicalLikes, null))
                .requireFitFor(task);
    }

    private String text(Map<String, JsonNode> columns, Column column) {
        String name = meanings.get(column);
        return name == null ? "" : Cells.text(columns.get(name));
    }

    /** The media, the first of which shows what the caption says unless it says so itself. */
    static List<Media> captioned(List<Media> media, String caption) {
        List<Media> captioned = new ArrayList<>(media);
        if (caption.isBlank()) {
            return captioned;
        }
        if (media.isEmpty()) {
            captioned.add(Media.described(caption));
        } else if (media.getFirst().caption() == null) {
            Media first = media.getFirst();
            captioned.set(0, new Media(first.kind(), first.url(), first.thumbnail(), caption));
        }
        return captioned;
    }

    static OptionalInt likes(String text) {
        Integer likes = number(text, "likes", BigDecimal::intValueExact);
        if (likes == null) {
            return OptionalInt.empty();
        }
        if (likes < 0) {
            throw new InvalidFieldException("likes", "must not be negative, was " + likes);
        }
        return OptionalInt.of(likes);
    }

    interface Narrowing<T> {
        T narrow(BigDecimal number);
    }

    /** The number that a cell holds; null when the cell is blank. */
    static <T> T number(String text, String field, Narrowing<T> type) {
        String digits = text.strip();
        if (digits.isEmpty()) {
            return null;
        }
        try {
            if (digits.length() <= 40) {
                return type.narrow(new BigDecimal(digits));
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // told below
        }
        String excerpt = digits.length() <= 40 ? digits : digits.substring(0, 40) + "…";
        throw new InvalidFieldException(
                field,
                "must be a " + (field.equals("typicalLikes") ? "number" : "whole number") + " such as 1200, was '"
                        + excerpt + "'");
    }
}
