package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A picture, video or GIF of a post.
 *
 * @param kind what it is
 * @param url where it can be fetched, http(s) or a {@code data:} URI that holds it; may be null when the caption says it
 *     all
 * @param thumbnail a still picture that stands for a video or GIF, as {@code url}; may be null
 * @param caption what it shows, in the caller's words; null when a model is to look
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Media(MediaKind kind, String url, String thumbnail, String caption) {
    static final int MAX_URL = 4096;
    /** A {@code data:} URI holds the picture itself: 4 MiB of it, in base 64. */
    static final int MAX_DATA_URI = 4 * 1024 * 1024 / 3 * 4 + 100;

    static final int MAX_CAPTION = 2000;

    public Media {
        if (kind == null) {
            throw new InvalidFieldException("kind", "is missing: photo, video or gif");
        }
        url = address("url", url);
        thumbnail = address("thumbnail", thumbnail);
        caption = Text.optional("caption", caption, MAX_CAPTION);
    }

    /** A photo that the caller describes. */
    public static Media described(String caption) {
        return new Media(MediaKind.PHOTO, null, null, caption);
    }

    /** A photo that a model is to look at. */
    public static Media photo(String url) {
        return new Media(MediaKind.PHOTO, url, null, null);
    }

    /** This medium with what it shows in words. */
    public Media withCaption(String caption) {
        return new Media(kind, url, thumbnail, caption);
    }

    private static String address(String field, String address) {
        boolean data = address != null && address.regionMatches(true, 0, "data:", 0, 5);
        return Text.optional(field, address, data ? MAX_DATA_URI : MAX_URL);
    }

    /** True when nobody has said what it shows and it has an address, so that a model must and can look. */
    public boolean needsLook() {
        return caption == null && (url != null || thumbnail != null);
    }
}
