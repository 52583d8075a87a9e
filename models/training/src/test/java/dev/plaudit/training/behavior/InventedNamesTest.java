package dev.plaudit.training.behavior;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.events.Post;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InventedNamesTest {
    private static Post post(String company, String username) {
        return new Post("1", "a", username, company, null, null, null);
    }

    @Test
    void anInventedNameIsTheFrontOfOneAndTheEndOfAnother() {
        InventedNames names = new InventedNames(List.of(post("abcde", "uvwx"), post("12345", "6789")));
        Random random = new Random(1);

        assertThat(IntStream.range(0, 100)
                        .mapToObj(i -> names.rename(post("real", "real"), random))
                        .map(post -> post.company() + " " + post.username())
                        .flatMap(both -> List.of(both.split(" ")).stream())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("abccde", "abc345", "123cde", "123345", "uvwx", "uv89", "67wx", "6789");
    }

    @Test
    void aNameIsNeverCutInsideACharacter() {
        InventedNames names = new InventedNames(List.of(post("🍕", null), post("🍕🍞🥐", null), post("a🍕", null)));
        Random random = new Random(1);

        for (int i = 0; i < 200; i++) {
            assertThat(names.rename(post("real", null), random).company()).isNotBlank();
        }
    }

    @Test
    void aNameThatAPostHasNotIsNotInvented() {
        InventedNames names = new InventedNames(List.of(post("abcde", "uvwx")));

        Post renamed = names.rename(post(null, "real"), new Random(1));

        assertThat(renamed.company()).isNull();
        assertThat(renamed.username()).isEqualTo("uvwx");
        assertThat(renamed.content()).isEqualTo("a");
    }
}
