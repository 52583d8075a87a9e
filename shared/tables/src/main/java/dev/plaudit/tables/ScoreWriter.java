package dev.plaudit.tables;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plaudit.events.Engagement;
import java.io.Closeable;
import java.io.Flushable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/** Writes scored rows in one format. */
interface ScoreWriter extends Flushable, Closeable {
    /** Writes a row with either a prediction or an error; the other is null. */
    void write(SequencedMap<String, JsonNode> columns, Engagement engagement, String error) throws IOException;

    /** The added columns' values, in order; null where there is none. */
    static List<Object> predicted(Engagement engagement, String error) {
        return engagement == null
                ? Arrays.asList(null, null, null, null, null, error)
                : Arrays.asList(
                        engagement.likes(),
                        engagement.low(),
                        engagement.high(),
                        engagement.bucket().number(),
                        engagement.level().name().toLowerCase(Locale.ROOT),
                        null);
    }
}
