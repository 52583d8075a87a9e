package dev.plaudit.tables;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Media;
import dev.plaudit.events.MediaKind;
import dev.plaudit.events.SimulationJson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * The media of a post as a table's cell has them. Three spellings are understood:
 * <ul>
 *   <li>the {@code repr} of Python objects, as the Adobe Behaviour Simulation Challenge ships them:
 *       {@code [Photo(previewUrl='…', fullUrl='…')]}, {@code [Video(thumbnailUrl='…',
 *       variants=[VideoVariant(contentType='video/mp4', url='…', bitrate=832000)], duration=12.3, views=45)]},
 *       {@code [Gif(thumbnailUrl='…', variants=[…])]}; other objects and fields are passed over;
 *   <li>a JSON list of {@link Media};
 *   <li>a bare URL.
 * </ul>
 *
 * <p>The views of a video are never told: they are known only after posting, so using them to predict likes is leakage.
 *
 * @param media in the cell's order; a video's URL is its variant of the highest bit rate
 * @param duration of the first video that states one, in seconds
 */
public record MediaRepr(List<Media> media, OptionalDouble duration) {
    private static final int MAX_LENGTH = 200_000;

    public MediaRepr {
        media = List.copyOf(media);
    }

    /** A web address, a picture in itself, or the name of a picture's file. */
    private static final Pattern JSON_LIST = Pattern.compile("\\[\\s*\\{");

    private static final Pattern ADDRESS =
            Pattern.compile("(?i)https?://\\S+|data:image/\\S+|[^\\[(]+\\.(jpe?g|png|gif|webp|bmp)");

    /**
     * Reads a cell. A blank one has no media.
     *
     * @throws InvalidFieldException naming {@code media} or a part of it, the position, counted in characters from 1, and
     *     what was expected there
     */
    public static MediaRepr parse(String text) {
        String cell = text.strip();
        if (cell.isEmpty()) {
            return new MediaRepr(List.of(), OptionalDouble.empty());
        }
        if (text.length() > MAX_LENGTH) {
            throw new InvalidFieldException(
                    "media", "must be at most " + MAX_LENGTH + " characters long, was " + text.length());
        }
        if (ADDRESS.matcher(cell).matches()) {
            return new MediaRepr(List.of(new Media(kindOf(cell), cell, null, null)), OptionalDouble.empty());
        }
        if (JSON_LIST.matcher(cell).lookingAt()) {
            return new MediaRepr(json(cell), OptionalDouble.empty());
        }
        return ofPython(new PythonRepr(text).parse());
    }

    private static List<Media> json(String cell) {
        try {
            Media[] media = SimulationJson.MAPPER.readValue(cell, Media[].class);
            for (int i = 0; i < media.length; i++) {
                if (media[i] == null) {
                    throw new InvalidFieldException("media[" + i + "]", "must not be null");
                }
            }
            return List.of(media);
        } catch (JsonProcessingException e) {
            InvalidFieldException invalid = SimulationJson.invalid(e);
            throw new InvalidFieldException(
                    invalid.field().equals("$") ? "media" : "media" + invalid.field(), invalid.rule());
        }
    }

    private static MediaKind kindOf(String url) {
        String path = url.toLowerCase(Locale.ROOT).replaceFirst("[?#].*", "");
        return path.matches(".*\\.(mp4|m4v|mov|webm|m3u8)")
                ? MediaKind.VIDEO
                : path.endsWith(".gif") ? MediaKind.GIF : MediaKind.PHOTO;
    }

    private static MediaRepr ofPython(Object value) {
        List<Media> media = new ArrayList<>();
        OptionalDouble duration = OptionalDouble.empty();
        for (Object entry : value instanceof List<?> list ? list : value == null ? List.of() : List.of(value)) {
            if (!(entry instanceof PythonRepr.Call call)) {
                throw new InvalidFieldException("media", "must be a list of Photo(…), Video(…) or Gif(…)");
            }
            try {
                switch (call.name()) {
                    case "Photo" -> {
                        String full = call.text("fullUrl");
                        String url = full != null ? full : call.text("previewUrl");
                        media.add(new Media(MediaKind.PHOTO, url, null, null));
                    }
                    case "Video" -> {
                        media.add(moving(MediaKind.VIDEO, call));
                        if (duration.isEmpty()
                                && call.arguments().get("duration") instanceof Double seconds
                                && seconds >= 0
                                && seconds < Double.POSITIVE_INFINITY) {
                            duration = OptionalDouble.of(seconds);
                        }
                    }
                    case "Gif" -> media.add(moving(MediaKind.GIF, call));
                    default -> {}
                }
            } catch (InvalidFieldException e) {
                throw new InvalidFieldException("media[" + media.size() + "]." + e.field(), e.rule());
            }
        }
        return new MediaRepr(media, duration);
    }

    private static Media moving(MediaKind kind, PythonRepr.Call call) {
        List<?> variants = call.arguments().get("variants") instanceof List<?> list ? list : List.of();
        String url = variants.stream()
                .filter(PythonRepr.Call.class::isInstance)
                .map(PythonRepr.Call.class::cast)
                .filter(variant -> variant.text("url") != null)
                .max(Comparator.comparingDouble(
                        variant -> variant.arguments().get("bitrate") instanceof Double bitrate ? bitrate : -1))
                .map(variant -> variant.text("url"))
                .orElse(null);
        return new Media(kind, url, call.text("thumbnailUrl"), null);
    }
}
