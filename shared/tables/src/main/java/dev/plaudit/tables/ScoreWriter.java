package dev.plaudit.tables;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.Flushable;
import java.io.IOException;
import java.util.List;
import java.util.SequencedMap;

/** Writes scored rows in one format. */
interface ScoreWriter extends Flushable, Closeable {
    /**
     * Writes a row.
     *
     * @param columns as they came in
     * @param added the added columns' values, in their order; null where there is none
     */
    void write(SequencedMap<String, JsonNode> columns, List<Object> added) throws IOException;
}
