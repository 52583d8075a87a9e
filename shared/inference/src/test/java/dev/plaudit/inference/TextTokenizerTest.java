package dev.plaudit.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TextTokenizerTest {
    private static final int CLS = 2;
    private static final int SEP = 3;

    private final Path folder = Path.of("src/test/resources/dev/plaudit/inference");
    private TextTokenizer tokenizer;

    @BeforeEach
    void open() {
        tokenizer = TextTokenizer.open(folder, 102, 8);
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @Test
    void specialTokensStandAroundTheWordPieces() {
        long[] ids = tokenizer.encode(List.of("Our LIKES")).getFirst();
        assertThat(ids).hasSize(4).startsWith(CLS).endsWith(SEP);
        assertThat(ids).isEqualTo(tokenizer.encode(List.of("our likes")).getFirst());
    }

    @Test
    void aTextTooLongIsCutAtTheEndAndKeepsItsLastSpecialToken() {
        List<long[]> ids =
                tokenizer.encode(List.of("our new coffee shop opens today", "our new coffee shop opens today there"));
        assertThat(ids.get(0)).hasSize(8).endsWith(SEP);
        assertThat(ids.get(1)).isEqualTo(ids.get(0));
    }

    @Test
    void whatTheFileSaysOfPaddingAndTruncationDoesNotCount() {
        List<long[]> ids = tokenizer.encode(List.of("new", "our new coffee shop"));
        assertThat(ids.get(0)).hasSize(3);
        assertThat(ids.get(1)).hasSize(6);
    }

    @Test
    void anEmptyTextHasItsSpecialTokensOnly() {
        assertThat(tokenizer.encode(List.of("")).getFirst()).containsExactly(CLS, SEP);
    }

    @Test
    void aLoneSurrogateSpoilsNothingBesideIt() {
        List<long[]> ids = tokenizer.encode(List.of("new 😀 \ud83d shop", "new 😀 ? shop"));
        assertThat(ids.get(0)).hasSameSizeAs(ids.get(1));
        assertThat(ids.get(0)[1]).isEqualTo(ids.get(1)[1]);
        assertThat(ids.get(0)[2]).isEqualTo(ids.get(1)[2]);
        assertThat(ids.get(0)[4]).isEqualTo(ids.get(1)[4]);
    }

    @Test
    void aLimitBelowTheSpecialTokensIsRefused() {
        assertThatThrownBy(() -> TextTokenizer.open(folder, 102, 1))
                .isInstanceOf(ModelException.class)
                .hasMessageEndingWith("a text has 2 special tokens alone, but the most is 1");
    }

    @Test
    void anIdBeyondTheVocabularyIsRefused() {
        assertThatThrownBy(() -> TextTokenizer.open(folder, 101, 8))
                .isInstanceOf(ModelException.class)
                .hasMessageEndingWith("the tokenizer does not match the model, it has the token id 101 but the model's "
                        + "vocab_size is 101");
    }
}
