package dev.plaudit.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CopiedRunsTest {

    @Test
    void findsTheLongestRunWhateverCaseAndPunctuation() {
        CopiedRuns runs = CopiedRuns.in(List.of("Warm sourdough, from six!", "Fresh rolls from seven."));
        assertThat(runs.longest("We have warm SOURDOUGH from seven")).containsExactly("warm", "sourdough", "from");
        assertThat(runs.longest("nothing known")).isEmpty();
        assertThat(runs.longest("")).isEmpty();
    }

    @Test
    void noRunGoesOnFromOneTextIntoTheNext() {
        CopiedRuns runs = CopiedRuns.in(List.of("one two", "three four"));
        assertThat(runs.longest("one two three four")).hasSize(2);
    }

    @Test
    void findsWhatComparingEveryPairOfPlacesFinds() {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            List<String> known =
                    IntStream.range(0, 6).mapToObj(i -> text(random, 12)).toList();
            String asked = text(random, 15);
            assertThat(CopiedRuns.in(known).longest(asked)).hasSize(exhaustive(known, asked));
        }
    }

    private static String text(Random random, int most) {
        return IntStream.range(0, random.nextInt(most))
                .mapToObj(i -> Character.toString('a' + random.nextInt(3)))
                .collect(Collectors.joining(" "));
    }

    private static int exhaustive(List<String> known, String asked) {
        List<String> words = Words.plain(asked);
        int most = 0;
        for (int from = 0; from < words.size(); from++) {
            for (int to = from + most + 1; to <= words.size(); to++) {
                List<String> run = words.subList(from, to);
                if (known.stream().anyMatch(text -> Collections.indexOfSubList(Words.plain(text), run) >= 0)) {
                    most = to - from;
                }
            }
        }
        return most;
    }
}
