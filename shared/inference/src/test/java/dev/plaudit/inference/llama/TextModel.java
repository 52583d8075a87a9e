package dev.plaudit.inference.llama;

import dev.plaudit.inference.ByteTokenizer;
import dev.plaudit.inference.lora.LoraAdapter;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.Consumer;

/** A small Llama with random weights and a tokenizer of bytes, and an adapter for it. */
final class TextModel {
    static final RandomLlama SHAPE = new RandomLlama(
            ByteTokenizer.LLAMA3.vocabulary(), 64, 96, 2, 4, 2, 16, false, false, false, 10_000, "null");

    private static final int RANK = 4;
    private static final double SCALE = 2;

    private TextModel() {}

    static Path write(Path folder, DType as) {
        return write(folder, as, tensors -> {});
    }

    static Path write(Path folder, DType as, Consumer<SequencedMap<String, Tensor>> change) {
        ByteTokenizer.LLAMA3.write(SHAPE.write(folder, as, change));
        return folder;
    }

    /** An adapter of the queries and of what leaves the feed-forward network. */
    static Path writeAdapter(Path folder, String base) throws IOException {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        Random random = new Random(5);
        SHAPE.tensors().forEach((name, weight) -> {
            if (isAdapted(name)) {
                String module = "base_model.model." + name.replaceFirst("\\.weight$", "");
                tensors.put(module + ".lora_A.weight", RandomLlama.gaussian(random, 0, 0.3, RANK, weight.shape()[1]));
                tensors.put(module + ".lora_B.weight", RandomLlama.gaussian(random, 0, 0.3, weight.shape()[0], RANK));
            }
        });
        Files.createDirectories(folder);
        SafeTensorsWriter.write(folder.resolve(LoraAdapter.WEIGHTS), tensors, DType.F32, Map.of());
        Files.writeString(folder.resolve("adapter_config.json"), """
                {"peft_type": "LORA", "r": %d, "lora_alpha": %s, "target_modules": ["q_proj", "down_proj"],
                 "base_model_name_or_path": "%s"}""".formatted(RANK, RANK * SCALE, base));
        return folder;
    }

    private static boolean isAdapted(String name) {
        return name.contains("q_proj") || name.contains("down_proj");
    }

    /** The weights with the adapter merged by hand. */
    static ReferenceLlama merged() {
        SequencedMap<String, Tensor> tensors = SHAPE.tensors();
        Random random = new Random(5);
        tensors.replaceAll((name, weight) -> {
            if (!isAdapted(name)) {
                return weight;
            }
            int out = (int) weight.shape()[0];
            int in = (int) weight.shape()[1];
            float[] a = RandomLlama.gaussian(random, 0, 0.3, RANK, in).values();
            float[] b = RandomLlama.gaussian(random, 0, 0.3, out, RANK).values();
            float[] sum = weight.values().clone();
            for (int i = 0; i < sum.length; i++) {
                double product = 0;
                for (int k = 0; k < RANK; k++) {
                    product += (double) b[i / in * RANK + k] * a[k * in + i % in];
                }
                sum[i] += (float) (SCALE * product);
            }
            return new Tensor(weight.shape(), sum);
        });
        return new ReferenceLlama(SHAPE, tensors, ReferenceLlama.frequencies(SHAPE.theta(), SHAPE.headDim()));
    }
}
