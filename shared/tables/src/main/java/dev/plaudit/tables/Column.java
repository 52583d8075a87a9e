package dev.plaudit.tables;

import java.util.List;
import java.util.Locale;

/** The columns that mean something here. Any other is carried along. */
enum Column {
    ID("id"),
    DATE("date"),
    CONTENT("content", "text"),
    USERNAME("username", "account"),
    COMPANY("company", "inferredcompany"),
    MEDIA("media"),
    CAPTION("caption"),
    FOLLOWERS("followers"),
    TYPICAL_LIKES("typicallikes"),
    LOCATION("location"),
    LIKES("likes");

    private final List<String> names;

    Column(String... names) {
        this.names = List.of(names);
    }

    /** The column of this name, whatever its case, spaces and underscores; null when it means nothing here. */
    static Column named(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "");
        for (Column column : values()) {
            if (column.names.contains(plain)) {
                return column;
            }
        }
        return null;
    }
}
