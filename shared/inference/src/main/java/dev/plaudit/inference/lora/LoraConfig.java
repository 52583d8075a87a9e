package dev.plaudit.inference.lora;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.ModelException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What an {@code adapter_config.json} says. Its {@code fan_in_fan_out} is read over: it speaks of layers that keep their
 * weights {@code [in, out]}, which no model here has, and PEFT itself sets it right for all others.
 *
 * @param file where it says so
 * @param base {@code base_model_name_or_path}
 * @param r the rank, where no pattern says otherwise
 * @param alpha {@code lora_alpha}, where no pattern says otherwise
 * @param rankStabilized whether the sum is scaled by {@code α / √r} instead of {@code α / r}
 * @param targets tells which modules are adapted
 * @param layers the only layers that are, where any are named
 * @param saved {@code modules_to_save}: modules that were trained as a whole
 */
record LoraConfig(
        ConfigFile file,
        Optional<String> base,
        int r,
        double alpha,
        boolean rankStabilized,
        Predicate<String> targets,
        Set<Integer> layers,
        Set<String> saved,
        Map<Pattern, Integer> ranks,
        Map<Pattern, Double> alphas) {
    static final String FILE = "adapter_config.json";

    /** Ways to begin that change the base model's own weights, so that an adapter does not fit the weights as they lie. */
    private static final List<String> CHANGING_THE_BASE = List.of("pissa", "olora", "corda", "loftq");

    private static final Pattern LAYER = Pattern.compile(".*\\.layers\\.(\\d+)\\..*");

    static LoraConfig of(ConfigFile file) {
        require(file, file.text("peft_type", "LORA").equals("LORA"), "peft_type must be LORA");
        require(file, !file.flag("use_dora", false), "use_dora is not supported");
        require(file, file.text("bias", "none").equals("none"), "bias must be none");
        require(file, !file.flag("lora_bias", false), "lora_bias is not supported");
        for (String field :
                List.of("layer_replication", "exclude_modules", "target_parameters", "alora_invocation_tokens")) {
            JsonNode value = file.root().path(field);
            require(
                    file,
                    value.isMissingNode() || value.isNull() || value.isEmpty() && value.isContainerNode(),
                    field + " is not supported");
        }
        String begin = file.text("init_lora_weights", "true").toLowerCase(Locale.ROOT);
        require(
                file,
                CHANGING_THE_BASE.stream().noneMatch(begin::startsWith),
                "init_lora_weights " + begin + " is not supported, since it changes the base model's own weights");
        return new LoraConfig(
                file,
                Optional.ofNullable(file.text("base_model_name_or_path", null)),
                file.positive("r"),
                positive(file, "lora_alpha", file.root().path("lora_alpha")),
                file.flag("use_rslora", false),
                targets(file),
                layers(file),
                texts(file.root().path("modules_to_save")),
                patterns(file, "rank_pattern", (field, value) -> (int) positive(file, field, value)),
                patterns(file, "alpha_pattern", (field, value) -> positive(file, field, value)));
    }

    /** Whether a module is to be adapted. */
    boolean adapts(String module) {
        var layer = LAYER.matcher(module);
        return targets.test(module)
                && (layers.isEmpty() || layer.matches() && layers.contains(Integer.valueOf(layer.group(1))));
    }

    /** The rank of a module's adapter. */
    int rank(String module) {
        return first(ranks, module).orElse(r);
    }

    /** What the product of a module's adapter is multiplied by. */
    double scale(String module) {
        double rank = rank(module);
        return first(alphas, module).orElse(alpha) / (rankStabilized ? Math.sqrt(rank) : rank);
    }

    private static <T> Optional<T> first(Map<Pattern, T> patterns, String module) {
        return patterns.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(module).matches())
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Names of modules or ends of names; a regular expression; or all linear layers but the output layer. */
    private static Predicate<String> targets(ConfigFile file) {
        JsonNode field = file.root().path("target_modules");
        if (field.isTextual()) {
            return field.asText().equals("all-linear")
                    ? module -> !module.equals("lm_head")
                    : pattern(file, "target_modules", field.asText()).asMatchPredicate();
        }
        Set<String> names = texts(field);
        require(file, !names.isEmpty(), "target_modules must name the modules");
        return module -> names.stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name));
    }

    private static Set<Integer> layers(ConfigFile file) {
        JsonNode field = file.root().path("layers_to_transform");
        Set<Integer> layers = new LinkedHashSet<>();
        if (field.isInt()) {
            layers.add(field.intValue());
        }
        field.forEach(layer -> layers.add(layer.asInt()));
        return layers;
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new LinkedHashSet<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private interface Reading<T> {
        T of(String field, JsonNode value);
    }

    private static <T> Map<Pattern, T> patterns(ConfigFile file, String field, Reading<T> reading) {
        Map<Pattern, T> patterns = new LinkedHashMap<>();
        file.root()
                .path(field)
                .properties()
                .forEach(entry -> patterns.put(
                        pattern(file, field, "(.*\\.)?(" + entry.getKey() + ")"),
                        reading.of(field + " of " + entry.getKey(), entry.getValue())));
        return patterns;
    }

    private static Pattern pattern(ConfigFile file, String field, String pattern) {
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new ModelException(
                    file.path() + ": " + field + " is no regular expression: " + e.getDescription(), e);
        }
    }

    private static double positive(ConfigFile file, String field, JsonNode value) {
        require(file, value.isNumber() && value.doubleValue() > 0, field + " must be a number above 0");
        return value.doubleValue();
    }

    static void require(ConfigFile file, boolean holds, String rule) {
        if (!holds) {
            throw new ModelException(file.path() + ": of a LoRA adapter, " + rule);
        }
    }
}
