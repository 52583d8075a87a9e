package dev.plaudit.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Lines as the standard of server-sent events reads them. */
class StreamedAnswerReaderTest {
    private final List<String> pieces = new ArrayList<>();
    private final StreamedAnswerReader reader = new StreamedAnswerReader((draft, piece) -> pieces.add(draft + piece));

    private void read(String... lines) throws Exception {
        for (String line : lines) {
            reader.onNext(line);
        }
        reader.hear(CompletableFuture.completedFuture(null), Duration.ofMinutes(1));
    }

    @Test
    void piecesAreHeardAsTheyCome() throws Exception {
        read("event: token", "data: {\"draft\":0,\"text\":\" bread\"}");
        assertThat(reader.heard()).isFalse();

        read("");
        assertThat(reader.heard()).isTrue();
        assertThat(pieces).containsExactly("0 bread");

        read("event: token", "data: {\"draft\":1,\"text\":\"面包 🎉\"}", "");
        assertThat(pieces).containsExactly("0 bread", "1面包 🎉");
        assertThat(reader.answer()).isEmpty();
    }

    @Test
    void oneBlankAfterTheColonIsNoPartOfAValue() throws Exception {
        read("event:answer", "data:{\"a\":", "data:  1}", "");
        assertThat(reader.answer()).isEqualTo("{\"a\":\n 1}");
    }

    @Test
    void whatIsNotKnownIsPassedOver() throws Exception {
        read(": a comment", "id: 7", "retry: 10", "data", "event: ping", "data: {}", "", "data: {}", "", "");
        assertThat(reader.heard()).isFalse();
        assertThat(reader.answer()).isEmpty();
    }

    @Test
    void whatIsNotEndedByALineIsNoEvent() throws Exception {
        read("event: answer", "data: {}");
        assertThat(reader.answer()).isEmpty();
    }
}
