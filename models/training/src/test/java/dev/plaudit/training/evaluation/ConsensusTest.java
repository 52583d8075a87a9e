package dev.plaudit.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConsensusTest {

    /** The second shares "a red cup" with the first and "cup of tea" with the third, which share "cup" only. */
    @Test
    void takesTheDraftThatHasMostInCommonWithTheOthers() {
        assertThat(Consensus.of(
                        List.of("see a red cup", "a red cup of tea", "one cup of tea", "nothing like it"), List.of()))
                .isEqualTo("a red cup of tea");
    }

    @Test
    void whatTheAuthorWroteBeforeCountsAsTheDraftsDo() {
        assertThat(Consensus.of(List.of("a b", "c d"), List.of("c d e"))).isEqualTo("c d");
    }

    @Test
    void ofEqualsTheFirst() {
        assertThat(Consensus.of(List.of("a b", "c d"), List.of())).isEqualTo("a b");
        assertThat(Consensus.of(List.of("alone"), List.of("a b"))).isEqualTo("alone");
        assertThatThrownBy(() -> Consensus.of(List.of(), List.of("a b"))).hasMessage("There must be drafts.");
    }
}
