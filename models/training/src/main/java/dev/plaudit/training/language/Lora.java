package dev.plaudit.training.language;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plaudit.inference.safetensors.DType;
import dev.plaudit.inference.safetensors.SafeTensorsWriter;
import dev.plaudit.inference.safetensors.Tensor;
import dev.plaudit.training.language.LlamaShape.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A low-rank adapter (Hu et al. 2022, "LoRA"): to each chosen matrix, out x in, the product of one of out x rank and one
 * of rank x in is added, times alpha / rank. Written as PEFT does.
 *
 * @param rank at least 1
 * @param alpha positive
 * @param modules which layers, as in {@code q_proj}
 */
public record Lora(int rank, double alpha, Set<String> modules) {
    static final String CONFIG = "adapter_config.json";
    static final String WEIGHTS = "adapter_model.safetensors";

    private static final Set<String> LINEAR =
            Set.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    public Lora {
        if (rank < 1 || !(alpha > 0)) {
            throw new IllegalArgumentException("An adapter's rank and alpha must be positive.");
        }
        modules = new TreeSet<>(modules);
        if (modules.isEmpty() || !LINEAR.containsAll(modules)) {
            throw new IllegalArgumentException(
                    "An adapter's modules must be some of " + new TreeSet<>(LINEAR) + ", were " + modules + ".");
        }
    }

    double scale() {
        return alpha / rank;
    }

    /** Which of a shape's weights are adapted, by their places in its layout. */
    int[] places(LlamaShape shape) {
        List<Weight> layout = shape.weights();
        return IntStream.range(0, layout.size())
                .filter(i -> layout.get(i).isMatrix()
                        && modules.contains(layout.get(i).module()))
                .toArray();
    }

    /** The adapter's matrices, two for each adapted weight: rank x in, then out x rank. */
    List<Weight> weights(LlamaShape shape) {
        List<Weight> weights = new ArrayList<>();
        for (int place : places(shape)) {
            Weight weight = shape.weights().get(place);
            String layer = "base_model.model." + weight.name().replaceAll("weight$", "");
            weights.add(new Weight(layer + "lora_A.weight", rank, weight.shape()[1]));
            weights.add(new Weight(layer + "lora_B.weight", weight.shape()[0], rank));
        }
        return weights;
    }

    /** A fresh adapter changes nothing: the second matrix is zero, the first uniform as PEFT has it. */
    List<float[]> random(LlamaShape shape, long seed) {
        Random random = new Random(seed);
        return weights(shape).stream().map(weight -> random(weight, random)).toList();
    }

    private static float[] random(Weight weight, Random random) {
        float[] values = new float[weight.size()];
        if (weight.name().endsWith("lora_A.weight")) {
            double bound = 1 / Math.sqrt(weight.shape()[1]);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
            }
        }
        return values;
    }

    /** Writes {@value #CONFIG} and {@value #WEIGHTS}. */
    void write(LlamaShape shape, List<float[]> values, Path base, Path folder) throws IOException {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        List<Weight> layout = weights(shape);
        for (int i = 0; i < layout.size(); i++) {
            tensors.put(layout.get(i).name(), new Tensor(layout.get(i).shape(), values.get(i)));
        }
        SafeTensorsWriter.write(folder.resolve(WEIGHTS), tensors, DType.F32, Map.of("format", "pt"));
        ObjectMapper json = new ObjectMapper();
        ObjectNode config = json.createObjectNode();
        config.put("peft_type", "LORA").put("task_type", "CAUSAL_LM").put("inference_mode", true);
        config.put("base_model_name_or_path", base.toString()).put("bias", "none");
        config.put("r", rank).put("lora_alpha", alpha).put("lora_dropout", 0.0);
        config.put("fan_in_fan_out", false).put("use_rslora", false).put("init_lora_weights", true);
        ArrayNode targets = config.putArray("target_modules");
        modules.forEach(targets::add);
        Files.writeString(
                folder.resolve(CONFIG), json.writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n");
    }
}
