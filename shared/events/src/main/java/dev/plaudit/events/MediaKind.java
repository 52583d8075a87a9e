package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What kind of medium a post carries. On the wire in lower case; read in any case. */
public enum MediaKind {
    PHOTO,
    VIDEO,
    GIF;

    /**
     * The kind of this name, in any case.
     *
     * @throws InvalidFieldException naming {@code kind} when there is none
     */
    @JsonCreator
    public static MediaKind parse(String text) {
        for (MediaKind kind : values()) {
            if (kind.name().equalsIgnoreCase(text)) {
                return kind;
            }
        }
        throw new InvalidFieldException("kind", "must be photo, video or gif, was '" + Text.excerpt(text) + "'");
    }

    @JsonValue
    public String value() {
        return name().toLowerCase(Locale.ROOT);
    }
}
