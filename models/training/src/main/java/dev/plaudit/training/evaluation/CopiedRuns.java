package dev.plaudit.training.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Finds what a text has word for word from known texts, by a suffix array of their words (Manber and Myers 1993). Words
 * are runs of letters and digits; case and all that stands between them do not count, and no run goes on from one known
 * text into the next.
 */
public final class CopiedRuns {
    private static final int END = -1;
    private static final int UNKNOWN = -2;

    private final Map<String, Integer> numbers = new HashMap<>();
    private final int[] words;
    private final int[] suffixes;

    private CopiedRuns(List<String> known) {
        List<Integer> all = new ArrayList<>();
        for (String text : known) {
            for (String word : Words.plain(text)) {
                Integer number = numbers.putIfAbsent(word, numbers.size());
                all.add(number == null ? numbers.size() - 1 : number);
            }
            all.add(END);
        }
        this.words = all.stream().mapToInt(Integer::intValue).toArray();
        this.suffixes = IntStream.range(0, words.length)
                .boxed()
                .sorted(this::compareSuffixes)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** An index of known texts. */
    public static CopiedRuns in(List<String> known) {
        return new CopiedRuns(known);
    }

    private int compareSuffixes(int a, int b) {
        while (words[a] == words[b] && words[a] != END) {
            a++;
            b++;
        }
        return Integer.compare(words[a], words[b]);
    }

    /**
     * The longest run of words of a text that stands in one of the known texts.
     *
     * @return the words; empty if there is none
     */
    public List<String> longest(String text) {
        List<String> own = Words.plain(text);
        int[] asked = own.stream()
                .mapToInt(word -> numbers.getOrDefault(word, UNKNOWN))
                .toArray();
        int from = 0;
        int most = 0;
        for (int start = 0; start + most < asked.length; start++) {
            int run = run(asked, start);
            if (run > most) {
                most = run;
                from = start;
            }
        }
        return own.subList(from, from + most);
    }

    /** How many words from {@code start} on are known as a run: the nearest suffixes share the most with it. */
    private int run(int[] asked, int start) {
        int low = 0;
        int high = suffixes.length;
        int most = 0;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int at = suffixes[middle];
            int shared = 0;
            while (start + shared < asked.length && words[at + shared] == asked[start + shared]) {
                shared++;
            }
            most = Math.max(most, shared);
            if (start + shared == asked.length) {
                return most;
            }
            if (words[at + shared] < asked[start + shared]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return most;
    }
}
