package dev.plaudit.training.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.chat.ChatTemplate;
import dev.plaudit.inference.llama.LlamaFolder;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.training.Progress;
import dev.plaudit.training.Snapshot;
import dev.plaudit.training.language.LanguageHistory.Round;
import dev.plaudit.training.text.BytePairTrainer;
import dev.plaudit.training.torch.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageTrainingTest {
    private static final Progress SILENT = (_, _, _) -> {};
    private static final String RECIPE = "rows";
    private static final LlamaShape.Tokens TOKENS = new LlamaShape.Tokens(1, 2, 0);
    private static final BytePairTrainer.Specials SPECIALS =
            new BytePairTrainer.Specials(List.of("<pad>", "<s>", "</s>"), "<s>", "</s>", "<pad>");
    private static final List<Instruction> ROWS = List.of(
            new Instruction("Oven & Co\nPost:\n", "Warm sourdough from six!"),
            new Instruction("Oven & Co\nPicture: rolls\nPost:\n", "Rolls, still hot."),
            new Instruction("Blue Bikes\nPost:\n", "Ride out with us on Sunday."),
            new Instruction("Text: 'Ride' Predict the like level:", " low"),
            new Instruction("Text: 'Rolls' Predict the like level:", " high"));

    @TempDir
    Path folder;

    private record Rows(List<Instruction> all) implements Instructions {
        @Override
        public int size() {
            return all.size();
        }

        @Override
        public Instruction get(int index, int epoch) {
            return all.get(index);
        }
    }

    private static LanguageTrainingOptions options(int epochs, Optional<Path> base, Optional<Lora> lora) {
        return options(epochs, 1e-2, base, lora);
    }

    private static LanguageTrainingOptions options(int epochs, double rate, Optional<Path> base, Optional<Lora> lora) {
        return new LanguageTrainingOptions(
                epochs, Duration.ofHours(1), 2, 48, rate, 0.1, 0.01, 1, 0.5, 0.05, 12, 50, 1, 3, true, base, lora);
    }

    private static LlamaShape tokenizer(Path out) throws IOException {
        int vocabulary = BytePairTrainer.train(
                ROWS.stream()
                        .flatMap(row -> Stream.of(row.prompt(), row.answer()))
                        .toList(),
                290,
                SPECIALS,
                out);
        return new LlamaShape(vocabulary, 32, 2, 4, 2, 8, 64, 48, 10_000, Optional.empty(), 1e-5, true, TOKENS);
    }

    private static LanguageHistory train(Path out, LanguageTrainingOptions options, Progress progress)
            throws IOException {
        LlamaShape shape =
                options.base().isPresent() ? LlamaShape.read(options.base().get()) : tokenizer(out);
        return LanguageTraining.train(
                new Rows(ROWS), new Rows(ROWS), List.of(), _ -> {}, shape, RECIPE, options, out, progress);
    }

    @Test
    void learnsItsRowsByHeartAndWritesWhatItLearnt() throws IOException {
        LanguageHistory history = train(folder, options(100, Optional.empty(), Optional.empty()), SILENT);

        assertThat(history.rounds().getFirst().validationLoss()).isGreaterThan(1);
        assertThat(history.bestRound().validationLoss()).isLessThan(0.1);
        assertThat(history.bestRound().perplexity()).isLessThan(1.11);
        assertThat(LlamaShape.read(folder).parameters()).isEqualTo(history.parameters());
        List<String> said = new ArrayList<>();
        LanguageTraining.train(
                new Rows(ROWS),
                new Rows(ROWS),
                List.of(ROWS.getFirst().prompt()),
                said::add,
                LlamaShape.read(folder),
                RECIPE,
                options(1, 1e-9, Optional.of(folder), Optional.empty()),
                folder.resolve("again"),
                SILENT);
        assertThat(said.getFirst()).isEqualTo("Oven & Co\nPost:\nWarm sourdough from six!");
        try (SafeTensors weights = SafeTensors.open(folder)) {
            assertThat(weights.names())
                    .contains("model.embed_tokens.weight", "model.layers.1.mlp.down_proj.weight", "model.norm.weight")
                    .doesNotContain("lm_head.weight");
            assertThat(weights.tensor("model.layers.0.self_attn.k_proj.weight").dtype())
                    .isEqualTo(DType.F16);
            assertThat(weights.tensor("model.layers.0.self_attn.k_proj.weight").shape())
                    .containsExactly(16, 32);
        }
        assertThat(folder)
                .isDirectoryContaining("glob:**/config.json")
                .isDirectoryContaining("glob:**/tokenizer.json")
                .isDirectoryContaining("glob:**/tokenizer_config.json")
                .isDirectoryContaining("glob:**/training.json")
                .isDirectoryContaining("glob:**/learning-curve.png");
    }

    @Test
    void goesOnAfterABreakAsIfNothingHadHappened() throws IOException {
        Path whole = folder.resolve("whole");
        Path broken = folder.resolve("broken");
        LanguageTrainingOptions options = options(15, Optional.empty(), Optional.empty());
        LanguageHistory expected = train(whole, options, SILENT);

        Progress interrupting = (_, fraction, _) -> {
            if (fraction > 0.6) {
                throw new IllegalStateException("the machine went down");
            }
        };
        assertThatThrownBy(() -> train(broken, options, interrupting)).hasMessage("the machine went down");
        LanguageHistory resumed = train(broken, options, SILENT);

        assertThat(figures(resumed)).isEqualTo(figures(expected)).hasSize(4);
        assertThat(broken.resolve(SafeTensors.FILE)).hasSameBinaryContentAs(whole.resolve(SafeTensors.FILE));
    }

    @Test
    void aRoundWhoseHistoryCouldNotBeWrittenIsDoneAgain() throws IOException {
        LanguageTrainingOptions options = options(1, Optional.empty(), Optional.empty());
        Path history = folder.resolve("training.json");
        Files.createDirectory(history);
        assertThatThrownBy(() -> train(folder, options, SILENT)).isInstanceOf(IOException.class);
        Files.delete(history);

        train(folder, options, SILENT);

        assertThat(history).isRegularFile();
    }

    private static List<List<Double>> figures(LanguageHistory history) {
        return history.rounds().stream()
                .map(round ->
                        List.of((double) round.step(), round.loss(), round.validationLoss(), round.gradientNorm()))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFineTunedChatModelIsSpokenToAsItWasTrained(boolean adapted) throws IOException {
        Path base = folder.resolve("base");
        train(base, options(1, Optional.empty(), Optional.empty()), SILENT);
        Files.writeString(base.resolve("chat_template.jinja"), "[INST]{{ messages[0].content }}[/INST]");
        Files.writeString(
                base.resolve("tokenizer_config.json"),
                "{\"bos_token\": \"<s>\", \"chat_template\": \"[INST]{{ messages[0].content }}[/INST]\"}");
        Path out = folder.resolve("out");
        Optional<Lora> lora = adapted ? Optional.of(new Lora(2, 4, Set.of("q_proj"))) : Optional.empty();

        train(out, options(1, Optional.of(base), lora), SILENT);

        LlamaFolder tuned = adapted ? LlamaFolder.of(base, out) : LlamaFolder.of(out);
        assertThat(ChatTemplate.in(LlamaFolder.of(base).spokenTo(), List.of())).isPresent();
        assertThat(ChatTemplate.in(tuned.spokenTo(), List.of())).isEmpty();
        assertThat(out.resolve("tokenizer_config.json")).content().contains("<s>");
    }

    @Test
    void refusesToGoOnWithOtherSettings() throws IOException {
        Path base = folder.resolve("base");
        Path out = folder.resolve("out");
        train(base, options(1, Optional.empty(), Optional.empty()), SILENT);
        train(out, options(3, Optional.of(base), Optional.empty()), SILENT);
        Snapshot trained = Snapshot.of(out);
        Path other = folder.resolve("other");
        LlamaShape shape = LlamaShape.small(
                BytePairTrainer.train(List.of("other texts"), 265, SPECIALS, other), 32, 1, 48, TOKENS);
        shape.write(other);
        LlamaWeights.write(shape, LlamaWeights.random(shape, 1), other);

        assertThatThrownBy(() -> train(out, options(3, Optional.of(other), Optional.empty()), SILENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other settings");
        assertThat(Snapshot.of(out)).isEqualTo(trained);
    }

    @Test
    void anAdapterLearnsWhileItsBaseStaysAsItIs() throws IOException {
        Path base = folder.resolve("base");
        Path adapter = folder.resolve("adapter");
        LanguageHistory before = train(base, options(40, Optional.empty(), Optional.empty()), SILENT);
        byte[] weights = Files.readAllBytes(base.resolve(SafeTensors.FILE));
        Lora lora = new Lora(4, 8, Set.of("q_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"));

        LanguageHistory after = train(adapter, options(60, Optional.of(base), Optional.of(lora)), SILENT);

        assertThat(after.bestRound().validationLoss())
                .isLessThan(0.7 * before.bestRound().validationLoss());
        assertThat(after.learning()).isEqualTo(2 * 4 * (2 * (32 + 32) + (32 + 16) + 3 * (64 + 32)));
        assertThat(base.resolve(SafeTensors.FILE)).hasBinaryContent(weights);
        assertThat(adapter.resolve(SafeTensors.FILE)).doesNotExist();
        try (SafeTensors learnt = SafeTensors.open(adapter.resolve(Lora.WEIGHTS))) {
            assertThat(learnt.names()).hasSize(24);
            assertThat(learnt.tensor("base_model.model.model.layers.1.mlp.down_proj.lora_A.weight")
                            .shape())
                    .containsExactly(4, 64);
            assertThat(learnt.tensor("base_model.model.model.layers.1.mlp.down_proj.lora_B.weight")
                            .shape())
                    .containsExactly(32, 4);
        }
        assertThat(adapter.resolve(Lora.CONFIG))
                .content()
                .contains("\"r\" : 4", "\"lora_alpha\" : 8.0", "\"target_modules\" : [ \"down_proj\", \"gate_proj\"");
    }

    @Test
    void stopsWhenNothingGetsBetter() throws IOException {
        LanguageTrainingOptions o = options(1000, Optional.empty(), Optional.empty());
        LanguageTrainingOptions hasty = new LanguageTrainingOptions(
                1000, o.atMost(), 2, 48, 0.5, 0, 0, 1, 0, 0, 3, 2, 1, 3, false, Optional.empty(), Optional.empty());
        List<Round> rounds = train(folder, hasty, SILENT).rounds();
        assertThat(rounds.size()).isLessThan(1000);
        double best = rounds.stream().mapToDouble(Round::validationLoss).min().orElseThrow();
        assertThat(rounds.get(rounds.size() - 3).validationLoss()).isEqualTo(best);
        assertThat(folder.resolve(TrainingState.FILE)).exists();
    }

    /** By Meta's formula: waves longer than 8192 positions over 1 are stretched 32 times, those under 8192 / 4 kept. */
    @Test
    void llama3StretchesItsLongWavesOnly() {
        LlamaShape.RopeScaling scaling = new LlamaShape.RopeScaling(32, 1, 4, 8192);
        assertThat(scaling.scaled(1)).isEqualTo(1, within(1e-12));
        assertThat(scaling.scaled(1e-5)).isEqualTo(1e-5 / 32, within(1e-12));
        double between = 2 * Math.PI / (8192 / 2.5);
        assertThat(scaling.scaled(between)).isEqualTo(0.5 * between / 32 + 0.5 * between, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"model_type": "opt"}                                          | holds no Llama but a model of type opt
            {"model_type": "llama", "attention_bias": true}                | has attention_bias
            {"model_type": "llama", "rope_scaling": {"rope_type": "yarn"}} | but is yarn
            {"model_type": "llama", "rope_scaling": {"type": "linear", "factor": 2}} | has rope_scaling of type linear
            {"model_type": "llama", "rope_parameters": {"rope_type": "linear", "factor": 2}} | has rope_scaling of type linear
            """)
    void refusesWhatItCannotTrain(String config, String reason) throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        assertThatThrownBy(() -> LlamaShape.read(folder))
                .isInstanceOfAny(IllegalArgumentException.class, ModelException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void refusesAnAdapterWithoutABaseOrOfUnknownModules() {
        assertThatThrownBy(() -> options(1, Optional.empty(), Optional.of(new Lora(4, 8, Set.of("q_proj")))))
                .hasMessage("an adapter needs a base: --base FOLDER");
        assertThatThrownBy(() -> new Lora(4, 8, Set.of("attention"))).hasMessageContaining("were [attention]");
    }
}
