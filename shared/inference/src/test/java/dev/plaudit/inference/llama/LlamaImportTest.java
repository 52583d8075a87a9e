package dev.plaudit.inference.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Precision;
import dev.plaudit.inference.decoding.EarlyStopping;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.decoding.Strategy;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensors;
import dev.plaudit.inference.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaImportTest {
    private static final InferenceOptions OPTIONS = InferenceOptions.DEFAULT.withThreads(1);

    @TempDir
    Path folder;

    @Test
    void writesWhatTheFirstStartWould() throws IOException {
        Path imported = TextModel.write(folder.resolve("a"), DType.BF16);
        Path started = TextModel.write(folder.resolve("b"), DType.BF16);
        LlamaImport.Imported result = run(LlamaFolder.of(imported), Precision.INT4, Optional.empty());
        answer(LlamaFolder.of(started), Precision.INT4);
        assertThat(result.file()).isEqualTo(imported.toRealPath().resolve("model.int4.safetensors"));
        assertThat(result.file()).hasSameBinaryContentAs(started.resolve("model.int4.safetensors"));
        var time = Files.getLastModifiedTime(result.file());
        answer(LlamaFolder.of(imported), Precision.INT4);
        assertThat(Files.getLastModifiedTime(result.file())).isEqualTo(time);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FP16")
    void aModelWrittenElsewhereStandsAlone(Precision precision) throws IOException {
        Path base = TextModel.write(folder.resolve("base"), DType.BF16);
        LlamaFolder both = LlamaFolder.of(base, TextModel.writeAdapter(folder.resolve("adapter"), "elsewhere"));
        Path out = folder.resolve("out");
        run(both, precision, Optional.of(out));
        double[] expected = answer(both, precision);
        delete(base);
        delete(folder.resolve("adapter"));
        assertThat(answer(LlamaFolder.of(out), precision)).isEqualTo(expected);
    }

    @Test
    void noAdapterIsPutOnWeightsThatAreRoundedAlready() throws IOException {
        Path out = folder.resolve("out");
        run(LlamaFolder.of(TextModel.write(folder.resolve("base"), DType.F32)), Precision.INT4, Optional.of(out));
        LlamaFolder both = LlamaFolder.of(out, TextModel.writeAdapter(folder.resolve("adapter"), "out"));
        assertThatThrownBy(() -> answer(both, Precision.INT4))
                .isInstanceOf(ModelException.class)
                .hasMessage(out + " holds neither model.safetensors nor model.safetensors.index.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"generation_config.json", "level_calibration.json", "ngrams.index"})
    void whatGoesWithAModelGoesWithItsImport(String file) throws IOException {
        Path base = TextModel.write(folder.resolve("base"), DType.F32);
        Path adapter = TextModel.writeAdapter(folder.resolve("adapter"), "base");
        Files.writeString(base.resolve(file), "{}");
        run(LlamaFolder.of(base, adapter), Precision.INT4, Optional.of(folder.resolve("out")));
        assertThat(folder.resolve("out").resolve(file)).hasContent("{}");
        Files.writeString(adapter.resolve(file), "{ }");
        run(LlamaFolder.of(base, adapter), Precision.INT8, Optional.of(folder.resolve("out")));
        assertThat(folder.resolve("out").resolve(file)).hasContent("{ }");
    }

    @Test
    void halfPrecisionIsWidenedOnce() throws IOException {
        Path base = TextModel.write(folder, DType.BF16);
        double[] expected = answer(LlamaFolder.of(base), Precision.FP32);
        assertThat(base.resolve("model.fp32.safetensors")).doesNotExist();
        LlamaImport.Imported result = run(LlamaFolder.of(base), Precision.FP32, Optional.empty());
        long embeddings = 2L * TextModel.SHAPE.vocabulary() * TextModel.SHAPE.hidden();
        assertThat(result.bytes())
                .isBetween(
                        2 * (Files.size(base.resolve("model.safetensors")) - embeddings) - 10_000,
                        2 * (Files.size(base.resolve("model.safetensors")) - embeddings));
        assertThat(answer(LlamaFolder.of(base), Precision.FP32)).isEqualTo(expected);
    }

    @Test
    void halfPrecisionIsWrittenForAGpuAndReadOnACpu() throws IOException {
        Path base = TextModel.write(folder.resolve("base"), DType.F32);
        Path out = folder.resolve("out");
        run(LlamaFolder.of(base), Precision.FP16, Optional.of(out));
        try (SafeTensors written = SafeTensors.open(out.resolve("model.fp16.safetensors"))) {
            assertThat(written.tensor("model.layers.0.mlp.up_proj.weight").dtype())
                    .isEqualTo(DType.F16);
            assertThat(written.tensor("model.norm.weight").dtype()).isEqualTo(DType.F32);
        }
        assertThat(answer(LlamaFolder.of(out), Precision.FP16))
                .containsExactly(answer(LlamaFolder.of(base), Precision.FP32), within(0.05));
    }

    @Test
    void whatIsTooLargeForHalfPrecisionIsNotImported() {
        TextModel.write(
                folder, DType.F32, tensors -> tensors.get("lm_head.weight").values()[7] = 70_000);
        assertThatThrownBy(() -> run(LlamaFolder.of(folder), Precision.FP16, Optional.empty()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("tensor lm_head.weight holds 70000.0, which is too large for half precision");
    }

    @Test
    void singlePrecisionHasNothingToImport() throws IOException {
        TextModel.write(folder, DType.F32);
        assertThat(run(LlamaFolder.of(folder), Precision.FP32, Optional.empty()).bytes())
                .isZero();
        assertThat(folder.resolve("model.fp32.safetensors")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"FP16, F16", "FP32, F32", "INT4, BF16"})
    void tellsTheMemoryOfAllWeightsWhereverTheyLie(Precision precision, DType stored) throws IOException {
        TextModel.write(folder, stored);
        long before = Files.size(folder.resolve("model.safetensors"));
        LlamaImport.Imported result = run(LlamaFolder.of(folder), precision, Optional.empty());
        if (precision == Precision.INT4) {
            assertThat(result.weightBytes()).isBetween(result.bytes() + 1, before + result.bytes());
        } else {
            assertThat(result.weightBytes()).isCloseTo(before, withinPercentage(5));
        }
    }

    @Test
    void anAdapterWithoutItsBasesTemplateStaysWithoutIt() throws IOException {
        Path base = TextModel.write(folder.resolve("base"), DType.F32);
        Files.writeString(base.resolve("chat_template.jinja"), "{{ messages[0].content }}");
        Path adapter = TextModel.writeAdapter(folder.resolve("adapter"), "base");
        run(LlamaFolder.of(base, adapter), Precision.INT4, Optional.of(folder.resolve("chatting")));
        Files.writeString(adapter.resolve("tokenizer_config.json"), "{}");
        run(LlamaFolder.of(base, adapter), Precision.INT4, Optional.of(folder.resolve("plain")));
        assertThat(folder.resolve("chatting/chat_template.jinja")).exists();
        assertThat(folder.resolve("plain/chat_template.jinja")).doesNotExist();
    }

    @Test
    void progressReachesTheEnd() throws IOException {
        TextModel.write(folder, DType.F32);
        List<Long> seen = new ArrayList<>();
        LlamaImport.Imported result = new LlamaImport(LlamaFolder.of(folder), Precision.INT4, Optional.empty())
                .run((bytes, all) -> {
                    seen.add(bytes);
                    assertThat(bytes).isLessThanOrEqualTo(all);
                });
        assertThat(seen).isSorted().hasSizeGreaterThan(10).endsWith(result.bytes());
        assertThat(result.cacheBytesPerToken()).isEqualTo(2 * 2 * 2 * 16 * 4);
        assertThat(result.servingBytes(3, 10)).isEqualTo(result.weightBytes() + 30 * result.cacheBytesPerToken());
        assertThat(result.servingBytes(1, 1000))
                .isEqualTo(result.weightBytes() + RandomLlama.POSITIONS * result.cacheBytesPerToken());
    }

    @Test
    void anImportThatIsCutShortLeavesNothingBehind() throws IOException {
        TextModel.write(folder, DType.F32);
        LlamaImport cut = new LlamaImport(LlamaFolder.of(folder), Precision.INT4, Optional.empty());
        assertThatThrownBy(() -> cut.run((bytes, all) -> {
                    if (bytes > all / 2) {
                        throw new IllegalStateException("cut");
                    }
                }))
                .hasMessage("cut");
        assertThat(files(folder)).noneMatch(file -> file.contains("int4"));
        run(LlamaFolder.of(folder), Precision.INT4, Optional.empty());
        assertThat(files(folder)).filteredOn(file -> file.contains("int4")).containsExactly("model.int4.safetensors");
    }

    /** Imports a folder and, in the middle, is gone without a word, as by {@code kill -9}. */
    static final class Killed {
        static final int STATUS = 9;

        public static void main(String[] args) throws IOException {
            new LlamaImport(LlamaFolder.of(Path.of(args[0])), Precision.INT4, Optional.empty()).run((bytes, all) -> {
                if (bytes > all / 2) {
                    Runtime.getRuntime().halt(STATUS);
                }
            });
        }
    }

    @Test
    void anImportThatIsKilledIsDoneByTheNext() throws Exception {
        Path killed = TextModel.write(folder.resolve("a"), DType.F32);
        Path whole = TextModel.write(folder.resolve("b"), DType.F32);
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dplaudit.native=" + System.getProperty("plaudit.native"),
                        Killed.class.getName(),
                        killed.toString())
                .inheritIO();
        java.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        assertThat(java.start().waitFor()).isEqualTo(Killed.STATUS);
        assertThat(files(killed))
                .filteredOn(file -> file.contains("int4"))
                .singleElement()
                .asString()
                .endsWith(".part");

        run(LlamaFolder.of(killed), Precision.INT4, Optional.empty());
        run(LlamaFolder.of(whole), Precision.INT4, Optional.empty());
        assertThat(killed.resolve("model.int4.safetensors"))
                .hasSameBinaryContentAs(whole.resolve("model.int4.safetensors"));
        assertThat(files(killed)).noneMatch(file -> file.endsWith(".part"));
    }

    @Test
    void whatIsBeingWrittenIsLeftAlone() throws IOException {
        TextModel.write(folder, DType.F32);
        Path part = folder.resolve("model.int4.safetensors.1.part");
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.lock();
            run(LlamaFolder.of(folder), Precision.INT4, Optional.empty());
            assertThat(part).exists();
        }
        assertThat(folder.resolve("model.int4.safetensors")).exists();
    }

    @Test
    void withoutRoomNothingIsWritten() throws IOException {
        LlamaFolder base = LlamaFolder.of(TextModel.write(folder.resolve("a"), DType.F32));
        Path out = folder.resolve("b");
        LlamaImport elsewhere = new LlamaImport(base, Precision.INT4, Optional.of(out));
        long needed =
                run(base, Precision.INT4, Optional.of(folder.resolve("c"))).bytes() + LlamaImport.MARGIN;
        assertThatThrownBy(() -> elsewhere.run((bytes, all) -> {}, target -> 5L << 20))
                .isInstanceOf(ModelException.class)
                .hasMessage(out + " needs " + (needed >> 20) + " MiB for the weights, but has only 5 MiB free");
        assertThatThrownBy(() -> elsewhere.run((bytes, all) -> {}, target -> needed - 1))
                .isInstanceOf(ModelException.class);
        assertThat(files(out)).isEmpty();
        assertThat(elsewhere.run((bytes, all) -> {}, target -> needed).file()).hasParent(out);
    }

    @Test
    void weightsThatAreNoNumbersAreNotImported() {
        TextModel.write(
                folder, DType.F32, tensors -> tensors.get("lm_head.weight").values()[7] = Float.NaN);
        assertThatThrownBy(() -> run(LlamaFolder.of(folder), Precision.INT4, Optional.empty()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("tensor lm_head.weight holds NaN");
        assertThat(folder.resolve("model.int4.safetensors")).doesNotExist();
    }

    /** An import that stands alone is not read as a whole when it is opened. */
    @ParameterizedTest
    @CsvSource({
        "INT4, model.embed_tokens.weight",
        "INT4, model.layers.1.post_attention_layernorm.weight",
        "INT4, model.norm.weight",
        "INT8, model.norm.weight"
    })
    void aModelThatIsDamagedAfterItsImportSaysSo(Precision precision, String tensor) throws IOException {
        LlamaFolder base = LlamaFolder.of(TextModel.write(folder.resolve("a"), DType.F32));
        Path out = folder.resolve("b");
        run(base, precision, Optional.of(out));
        damage(out, tensor);

        try (TextGenerator generator = TextGenerator.open(LlamaFolder.of(out), OPTIONS.withPrecision(precision))) {
            int[] prompt = generator.prompt("New today");
            for (Strategy strategy : List.of(
                    new Strategy.Greedy(),
                    new Strategy.Sampling(1, 0, 0.9, 0, 1),
                    new Strategy.Beams(3, 1, EarlyStopping.HEURISTIC))) {
                GenerationConfig config = GenerationConfig.greedy(4).withStrategy(strategy, 1);
                assertThatThrownBy(() -> generator.generate(prompt, config))
                        .isInstanceOf(ModelException.class)
                        .hasMessageStartingWith("the model answers with logits that are no numbers");
            }
            assertThatThrownBy(() -> generator.logProbabilities(prompt, List.of("x")))
                    .isInstanceOf(ModelException.class);
        }
    }

    /** Makes all numbers of a tensor of single precision none. */
    private static void damage(Path folder, String tensor) throws IOException {
        TensorInfo info;
        Path file = files(folder).stream()
                .filter(name -> name.endsWith(".safetensors"))
                .map(folder::resolve)
                .findFirst()
                .orElseThrow();
        try (SafeTensors tensors = SafeTensors.open(file)) {
            info = tensors.tensor(tensor);
        }
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, (int) info.offset(), (int) (info.offset() + info.length()), (byte) 0xFF);
        Files.write(file, bytes);
    }

    @Test
    void otherWeightsAreImportedAnew() throws IOException {
        TextModel.write(folder, DType.F32);
        run(LlamaFolder.of(folder), Precision.INT4, Optional.empty());
        double[] before = answer(LlamaFolder.of(folder), Precision.INT4);
        TextModel.write(
                folder, DType.F32, tensors -> tensors.get("model.norm.weight").values()[0] += 3);
        assertThat(answer(LlamaFolder.of(folder), Precision.INT4)).isNotEqualTo(before);
    }

    private static LlamaImport.Imported run(LlamaFolder from, Precision precision, Optional<Path> out)
            throws IOException {
        return new LlamaImport(from, precision, out).run((bytes, all) -> {});
    }

    private static double[] answer(LlamaFolder folder, Precision precision) {
        try (TextGenerator generator = TextGenerator.open(folder, OPTIONS.withPrecision(precision))) {
            return generator.logProbabilities(generator.prompt("New today"), List.of("!", " bread", "x"));
        }
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
