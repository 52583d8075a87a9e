package dev.plaudit.training.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BytePairTrainerTest {
    private static final List<String> TEXTS =
            List.of("a red cup on a table", "a red car on a road", "it's a cup, isn't it?", "the words big sale");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a red cup",
                "  two  spaces ",
                "ein Käse für 3,50 €",
                "خصم كبير اليوم",
                "大減価 セール",
                "👩‍👩‍👧 🎉🏳️‍🌈",
                "tab\tand\nline",
                "\u00a0\u00ad\u0000"
            })
    void anyTextComesBackAsItWas(String text) throws IOException {
        BytePairTrainer.train(TEXTS, 300, BytePairTrainer.Specials.OPT, folder);
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"))) {
            long[] ids = tokenizer.encode(text, false, false).getIds();
            assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
        }
    }

    @Test
    void frequentWordsBecomeOneTokenAndTheStartStandsInFront() throws IOException {
        int size = BytePairTrainer.train(TEXTS, 280, BytePairTrainer.Specials.OPT, folder);
        assertThat(size).isEqualTo(271);
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"))) {
            assertThat(tokenizer.encode("a cup").getTokens()).containsExactly("</s>", "a", "Ġcup");
            assertThat(tokenizer.encode("a").getIds()).startsWith(2);
            assertThat(tokenizer.encode("<pad>", false, false).getIds()).containsExactly(1);
        }
    }

    @Test
    void wordsAreSplitAsTheTokenizerSplitsThem() throws IOException {
        String text = "It's 24th, they've 3 \u2028 cafés—naïve…   ١٢٣ x_y I'D \u00a0 end";
        BytePairTrainer.train(List.of(text, text, text), 4000, BytePairTrainer.Specials.OPT, folder);
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"))) {
            List<String> words = BytePairTrainer.words(text).toList();
            assertThat(String.join("", words)).isEqualTo(text);
            List<String> tokens = List.of(tokenizer.encode(text, false, false).getTokens());
            assertThat(tokens).hasSameSizeAs(words);
        }
    }

    @Test
    void equalTextsGiveEqualTokenizers() throws IOException {
        Path other = folder.resolve("other");
        BytePairTrainer.train(TEXTS, 290, BytePairTrainer.Specials.OPT, folder);
        BytePairTrainer.train(TEXTS.reversed(), 290, BytePairTrainer.Specials.OPT, other);
        assertThat(Files.readString(other.resolve("tokenizer.json")))
                .isEqualTo(Files.readString(folder.resolve("tokenizer.json")));
    }

    @Test
    void refusesAVocabularyThatCannotHoldAllBytes() {
        assertThatThrownBy(() -> BytePairTrainer.train(TEXTS, 200, BytePairTrainer.Specials.OPT, folder))
                .hasMessage("A byte-level vocabulary has at least 260 tokens, not 200.");
    }
}
