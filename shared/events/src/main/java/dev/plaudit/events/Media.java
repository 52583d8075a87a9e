package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A picture, video or GIF of a post.
 *
 * @param kind what it is
 * @param url where it can be fetched; may be null when the caption says it all
 * @param thumbnail a still picture that stands for a video or GIF; may be null
 * @param caption what it shows, in the caller's words; null when a model is to look
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Media(MediaKind kind, String url, String thumbnail, String caption) {
    static final int MAX_URL = 4096;
    static final int MAX_CAPTION = 2000;

    public Media {
        if (kind == null) {
            throw new InvalidFieldException("kind", "is missing: photo, video or gif");
        }
        url = Text.optional("url", url, MAX_URL);
        thumbnail = Text.optional("thumbnail", thumbnail, MAX_URL);
        caption = Text.optional("caption", caption, MAX_CAPTION);
    }

    /** A photo that the caller describes. */
    public static Media described(String caption) {
        return new Media(MediaKind.PHOTO, null, null, caption);
    }

    /** True when nobody has said what it shows, so that a model must look. */
    public boolean needsLook() {
        return caption == null;
    }
}
