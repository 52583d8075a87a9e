package dev.plaudit.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.decoding.EarlyStopping;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.decoding.Strategy;
import dev.plaudit.inference.llama.GeneratedText;
import dev.plaudit.inference.llama.LlamaFolder;
import dev.plaudit.inference.llama.SharedTextGenerator;
import dev.plaudit.inference.llama.TextGenerator;
import dev.plaudit.inference.safetensors.Tensor;
import dev.plaudit.training.language.LlamaTorchScript;
import dev.plaudit.training.torch.TorchScriptArchive;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The writer that ships, as TorchScript, beside itself on ONNX Runtime; and exports of other forms. */
class TorchScriptEngineTest {
    private static final Path SHIPPED = Path.of(System.getProperty("plaudit.root"), "models", "pretrained", "post");
    private static final InferenceOptions OPTIONS = InferenceOptions.DEFAULT.withThreads(1);
    private static final GenerationConfig GREEDY =
            GenerationConfig.greedy(20, 2).withStopStrings(List.of("!"));
    private static final List<GenerationConfig> CONFIGS = List.of(
            GREEDY,
            GREEDY.withStrategy(new Strategy.Beams(3, 1, EarlyStopping.HEURISTIC), 3)
                    .withRepetition(2, 1),
            GREEDY.withStrategy(new Strategy.Sampling(0.9, 40, 0.95, 0, 7), 4));

    @TempDir
    Path folder;

    @BeforeEach
    void files() throws IOException {
        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(SHIPPED.resolve(file), folder.resolve(file));
        }
    }

    private TextGenerator open() {
        return TorchScriptEngine.open(LlamaFolder.of(folder), OPTIONS);
    }

    private static String prompt(String company) {
        return "Write the post that this company publishes.\nCompany: " + company + "\nPost:\n";
    }

    @Test
    void saysWhatOnnxRuntimeSays() throws Exception {
        LlamaTorchScript.write(SHIPPED, folder.resolve(TorchScriptEngine.FILE));
        try (TextGenerator onnx = TextGenerator.open(LlamaFolder.of(SHIPPED), OPTIONS);
                TextGenerator torch = open()) {
            int[] prompt = onnx.prompt(prompt("Oven & Co"));
            List<String> answers = List.of("Warm sourdough from six!", "Rolls");
            double[] expected = onnx.logProbabilities(prompt, answers);
            assertThat(torch.logProbabilities(prompt, answers)).containsExactly(expected, within(1e-3));
            for (GenerationConfig config : CONFIGS) {
                assertSame(torch.generate(prompt, config), onnx.generate(prompt, config));
            }
        }
    }

    @Test
    void requestsThatShareItsRunsGetWhatTheyWouldAlone() throws Exception {
        LlamaTorchScript.write(SHIPPED, folder.resolve(TorchScriptEngine.FILE));
        try (TextGenerator torch = open();
                SharedTextGenerator shared = new SharedTextGenerator(torch, 8, 16);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<List<GeneratedText>>> calls = new ArrayList<>();
            List<List<GeneratedText>> expected = new ArrayList<>();
            for (String company : List.of("Oven & Co", "Blue Bikes of the North", "Q")) {
                for (GenerationConfig config : CONFIGS) {
                    int[] prompt = torch.prompt(prompt(company));
                    calls.add(() -> shared.generate(prompt, config));
                    expected.add(torch.generate(prompt, config));
                }
            }
            List<List<GeneratedText>> found = new ArrayList<>();
            for (Future<List<GeneratedText>> call : callers.invokeAll(calls)) {
                found.add(call.get());
            }
            assertSame(found, expected);
        }
    }

    /** But for how likely the texts are, in which sums are formed in another order. */
    private static void assertSame(List<?> found, List<?> expected) {
        assertThat(found)
                .usingRecursiveComparison()
                .ignoringFieldsOfTypes(OptionalDouble.class)
                .isEqualTo(expected);
    }

    /** After a token comes the next one; after one at an even place the one after that. */
    private static final String COUNTING = """
              def forward(self: __torch__.Counting,
                attention_mask: Tensor,
                input_ids: Tensor,
                position_ids: Tensor) -> Tuple[Tensor]:
                even = torch.eq(torch.remainder(position_ids, 2), 0)
                next = torch.add(torch.add(input_ids, attention_mask), torch._cast_Long(even))
                return (torch._cast_Float(torch.eq(torch.unsqueeze(next, -1), torch.arange(8000))),)
            """;

    @Test
    void aModelWithoutACacheIsGivenTheWholeSequences() throws Exception {
        write("Counting", COUNTING, 1);
        Files.writeString(
                folder.resolve("config.json"),
                "{\"vocab_size\": 8000, \"max_position_embeddings\": 192, \"eos_token_id\": 2}");
        try (TextGenerator torch = open()) {
            int[] said = {301, 303, 304, 306};
            GeneratedText text = torch.generate(new int[] {1, 5, 9, 300}, GenerationConfig.greedy(4))
                    .getFirst();
            assertThat(torch.prompt(text.text())).endsWith(said);
        }
    }

    private void write(String name, String methods, int vocabulary) throws IOException {
        float[] table = new float[vocabulary * 16];
        SequencedMap<String, Tensor> buffers = new LinkedHashMap<>();
        buffers.put("table", new Tensor(new long[] {vocabulary, 16}, table));
        try (OutputStream out = Files.newOutputStream(folder.resolve(TorchScriptEngine.FILE))) {
            TorchScriptArchive.write(name, methods, buffers, out);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x: Tensor|Tensor|self.table|takes x: Tensor, which is not known here",
                "input_ids: Dict[str, Tensor]|Tensor|self.table|takes input_ids: Dict[str, Tensor], which is not known here",
                "attention_mask: Tensor|Tensor|self.table|takes no input_ids",
                "input_ids: Tensor|Tensor|torch.embedding(self.table, input_ids)|gives logits of shape (1, 1, 16), not (1, 1, 8000)",
                "input_ids: Tensor|Tensor|torch.matmul(self.table, self.table)|does not run",
                "input_ids: Tensor|Tensor|torch.no_such_thing(input_ids)|cannot be loaded by PyTorch"
            })
    void anotherForwardIsRefused(String parameters, String result, String body, String fault) throws Exception {
        write("Other", """
                  def forward(self: __torch__.Other,
                    %s) -> %s:
                    return %s
                """.formatted(parameters, result, body), 32);
        assertThatThrownBy(this::open)
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(folder.resolve(TorchScriptEngine.FILE).toString())
                .hasMessageContaining(fault)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @Test
    void anAdapterIsRefused() {
        assertThatThrownBy(() -> TorchScriptEngine.open(LlamaFolder.of(folder, Path.of("adapter")), OPTIONS))
                .isInstanceOf(ModelException.class)
                .hasMessage(
                        "adapter cannot be put on the export of " + folder + ": merge the adapter before exporting");
    }

    @Test
    void whatIsNoTorchScriptIsRefused() throws Exception {
        Path file = folder.resolve(TorchScriptEngine.FILE);
        assertThatThrownBy(this::open).isInstanceOf(ModelException.class).hasMessage(folder + " holds no model.pt");
        Files.writeString(file, "PK no zip");
        assertThatThrownBy(this::open)
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(file + " is no TorchScript archive");
        LlamaTorchScript.write(SHIPPED, file);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(this::open)
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(file + " is no TorchScript archive");
    }
}
