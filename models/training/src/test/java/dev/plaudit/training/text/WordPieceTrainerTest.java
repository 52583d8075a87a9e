package dev.plaudit.training.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordPieceTrainerTest {
    @TempDir
    Path folder;

    private static List<String> repeated(String text) {
        return Collections.nCopies(3, text);
    }

    @Test
    void theMostFrequentNeighboursMergeFirst() {
        List<String> vocabulary = WordPieceTrainer.learn(List.of("low low low lower newer newer"), 100, List.of());
        assertThat(vocabulary)
                .startsWith("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
                .containsSubsequence("##ow", "low", "##er", "##ewer")
                .contains("newer")
                .doesNotContain("lower")
                .doesNotHaveDuplicates();
    }

    @Test
    void writesATokenizerWithTheExpectedIds() throws IOException {
        int size = WordPieceTrainer.train(List.of("ab ab ab abc"), 100, List.of("240"), folder);
        // 0-4 special, 5 "240", 6-8 a b c, 9-11 ##a ##b ##c, 12 "ab"
        assertThat(size).isEqualTo(13);
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"))) {
            Encoding encoding = tokenizer.encode("AB abc 240 c z");
            assertThat(encoding.getIds()).containsExactly(2, 12, 12, 11, 5, 8, 1, 3);
            assertThat(encoding.getTokens()).containsExactly("[CLS]", "ab", "ab", "##c", "240", "c", "[UNK]", "[SEP]");
        }
    }

    @Test
    void wordsAreSplitAsTheTokenizerSplitsThem() throws IOException {
        String text = "Café—NAÏVE\u00a0İstanbul\tdon't 3.14$ 日本語 😀🎉 #Sale @you\u200bthere ẞ Ǆ\u0007end «ok» x_y ¡olé!"
                + "\u2028line\ufffd?";
        WordPieceTrainer.train(repeated(text), 10_000, List.of(), folder);
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"))) {
            List<String> tokens = List.of(tokenizer.encode(text, false, false).getTokens());
            assertThat(tokens).isEqualTo(BertWords.of(text));
        }
    }

    @Test
    void wholeWordsStayWholeHoweverRare() throws IOException {
        WordPieceTrainer.train(repeated("the match of the day"), 20, List.of("BBCSport", "Tim_Hortons"), folder);
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"))) {
            assertThat(tokenizer.encode("bbcsport tim_hortons", false, false).getTokens())
                    .containsExactly("bbcsport", "tim", "_", "hortons");
        }
    }

    @Test
    void equalTextsGiveEqualVocabularies() {
        List<String> texts = Toy.of(200, 3).texts();
        assertThat(WordPieceTrainer.learn(texts, 60, List.of()))
                .isEqualTo(WordPieceTrainer.learn(texts.reversed(), 60, List.of()));
    }

    @Test
    void learnsTheWholeVocabularyAsked() {
        List<String> texts = Toy.of(200, 3).texts();
        assertThat(WordPieceTrainer.learn(texts, 70, List.of())).hasSize(70);
    }
}
