package dev.plaudit.tables;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** The cells of one row. */
final class Cells {
    private Cells() {}

    /** A cell as text: nothing for null, the text itself, and JSON for all else. */
    static String text(JsonNode cell) {
        return cell.isNull() ? "" : cell.isTextual() ? cell.textValue() : cell.toString();
    }

    /** The cells under their names, as far as there are both. */
    static SequencedMap<String, JsonNode> named(List<String> names, List<? extends JsonNode> cells) {
        SequencedMap<String, JsonNode> columns = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(names.size(), cells.size()); i++) {
            columns.put(names.get(i), cells.get(i));
        }
        return columns;
    }

    /** The names, with {@code _2}, {@code _3}, … added to those that are taken, so that no two are the same. */
    static List<String> distinct(Collection<String> taken, List<String> names) {
        Set<String> all = new HashSet<>(taken);
        Map<String, Integer> tried = new HashMap<>();
        List<String> distinct = new ArrayList<>();
        for (String name : names) {
            String free = name;
            while (!all.add(free)) {
                free = name + "_" + tried.merge(name, 2, (last, first) -> last + 1);
            }
            distinct.add(free);
        }
        return distinct;
    }
}
