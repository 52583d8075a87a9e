package dev.plaudit.events;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/**
 * Reads the date of a post: ISO 8601, with {@code T} or a space, with or without seconds, offset or time
 * ({@code 2026-03-01T09:00}, {@code 2026-03-01 09:00:00}, {@code 2026-03-01T09:00:00+01:00}, {@code 2026-03-01}). An
 * offset is dropped: what counts is the clock on the poster's wall. A date alone means noon.
 */
public final class PostDate {
    private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendPattern("['T'][ ]")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffsetId()
            .optionalEnd()
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private PostDate() {}

    /**
     * @throws InvalidFieldException naming {@code date} when the text is no date, or one outside the years 1990 to 2100
     */
    public static LocalDateTime parse(String text) {
        LocalDateTime date;
        try {
            TemporalAccessor parsed = FORMAT.parseBest(text.strip(), LocalDateTime::from, LocalDate::from);
            date = parsed instanceof LocalDate day ? day.atTime(12, 0) : (LocalDateTime) parsed;
        } catch (DateTimeException e) {
            throw new InvalidFieldException(
                    "date", "must be a date such as 2026-03-01T09:00, was '" + Text.excerpt(text) + "'");
        }
        if (date.getYear() < 1990 || date.getYear() > 2100) {
            throw new InvalidFieldException("date", "must lie in the years 1990 to 2100, was " + date);
        }
        return date;
    }

    static final class Deserializer extends JsonDeserializer<LocalDateTime> {
        @Override
        public LocalDateTime deserialize(JsonParser json, DeserializationContext context) throws IOException {
            if (json.currentToken() != JsonToken.VALUE_STRING) {
                throw new InvalidFieldException("date", "must be text such as 2026-03-01T09:00");
            }
            return json.getText().isBlank() ? null : parse(json.getText());
        }
    }
}
