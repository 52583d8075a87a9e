package dev.plaudit.training.language;

import dev.plaudit.inference.safetensors.Tensor;
import dev.plaudit.training.language.LlamaShape.Weight;
import dev.plaudit.training.torch.TorchScriptArchive;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A Llama as one TorchScript file, as {@code torch.jit.save} writes an exported model. Its {@code forward} takes
 *
 * <ul>
 *   <li>{@code input_ids}, int64, rows x length: the new tokens of a batch of sequences;
 *   <li>{@code past_key_values}: of the tokens before them the keys of the first layer, its values, the keys of the second
 *       layer and so on, each rows x heads x tokens x head; at first of 0 tokens
 * </ul>
 *
 * and gives the logits after every new token, rows x length x vocabulary, and the keys and values with theirs.
 */
public final class LlamaTorchScript {
    private static final String FORWARD = """
              def forward(self: __torch__.Llama,
                input_ids: Tensor,
                past_key_values: List[Tensor]) -> Tuple[Tensor, List[Tensor]]:
                weights = [%s]
                present = annotate(List[Tensor], [])
                x = (self).read(input_ids, past_key_values, present, self.rotations, self.shape, self.settings, weights, )
                return (torch.linear(x, (self).head(self.shape, weights, )), present)
            """;

    private LlamaTorchScript() {}

    /**
     * Writes a checkpoint as TorchScript.
     *
     * @param folder in the Hugging Face layout
     * @param file as in {@code model.pt}
     * @throws IllegalArgumentException if the folder holds no Llama
     */
    public static void write(Path folder, Path file) throws IOException {
        LlamaShape shape = LlamaShape.read(folder);
        List<Weight> layout = shape.weights();
        List<float[]> values = LlamaWeights.read(shape, folder);
        SequencedMap<String, Tensor> buffers = new LinkedHashMap<>();
        for (int i = 0; i < layout.size(); i++) {
            buffers.put("w" + i, new Tensor(layout.get(i).shape(), values.get(i)));
        }
        long[] rotations = {2, shape.positions(), shape.headDim()};
        buffers.put("rotations", new Tensor(rotations, shape.rotations(shape.positions())));
        buffers.put("shape", row(shape.layers(), shape.heads(), shape.keyValueHeads()));
        buffers.put("settings", row((float) shape.epsilon(), 0));
        String names =
                IntStream.range(0, layout.size()).mapToObj(i -> "self.w" + i).collect(Collectors.joining(", "));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            TorchScriptArchive.write("Llama", methods() + FORWARD.formatted(names), buffers, out);
        }
    }

    private static Tensor row(float... values) {
        return new Tensor(new long[] {values.length}, values);
    }

    private static String methods() throws IOException {
        try (InputStream source = LlamaTorchScript.class.getResourceAsStream("llama.py")) {
            return new String(source.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
