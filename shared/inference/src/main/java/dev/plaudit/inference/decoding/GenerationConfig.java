package dev.plaudit.inference.decoding;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * How text is decoded, by the names of Hugging Face's {@code generation_config.json}.
 *
 * @param eosTokenIds tokens that end a sequence; may be empty
 * @param maxNewTokens most tokens of a sequence, its end included, at least 1
 * @param minNewTokens tokens before which a sequence cannot end, at least 0
 * @param numBeams sequences that are followed at once; 1 is greedy search
 * @param lengthPenalty exponent of a finished sequence's length, by which its summed log-probability is divided: above 0
 *     favours long sequences, below 0 short ones
 * @param earlyStopping when beam search has enough
 * @param noRepeatNgramSize no run of so many tokens comes twice in what is generated; 0 allows all
 * @param repetitionPenalty divides the score of a token that was generated before (Keskar et al. 2019), 1 for none;
 *     positive
 */
public record GenerationConfig(
        Set<Integer> eosTokenIds,
        int maxNewTokens,
        int minNewTokens,
        int numBeams,
        double lengthPenalty,
        EarlyStopping earlyStopping,
        int noRepeatNgramSize,
        double repetitionPenalty) {
    /** The file of a checkpoint folder. */
    public static final String FILE = "generation_config.json";

    /** What Hugging Face takes where nothing is said. */
    private static final int MAX_LENGTH = 20;

    public GenerationConfig {
        eosTokenIds = Set.copyOf(eosTokenIds);
        require(maxNewTokens >= 1, "max_new_tokens must be at least 1");
        require(minNewTokens >= 0, "min_new_tokens must be at least 0");
        require(numBeams >= 1, "num_beams must be at least 1");
        require(Double.isFinite(lengthPenalty), "length_penalty must be a number");
        require(noRepeatNgramSize >= 0, "no_repeat_ngram_size must be at least 0");
        require(repetitionPenalty > 0 && Double.isFinite(repetitionPenalty), "repetition_penalty must be positive");
    }

    /** Greedy search to an end token or a number of tokens. */
    public static GenerationConfig greedy(int maxNewTokens, Integer... eosTokenIds) {
        return new GenerationConfig(Set.of(eosTokenIds), maxNewTokens, 0, 1, 1, EarlyStopping.HEURISTIC, 0, 1);
    }

    /**
     * Reads a folder's {@code generation_config.json}; what it leaves open, or all where there is no such file, is as the
     * language model's configuration says, or Hugging Face's default. {@code max_length} and {@code min_length} are taken
     * as numbers of new tokens.
     *
     * @param model the language model's part of {@code config.json}
     * @throws ModelException when a setting is out of range
     */
    public static GenerationConfig of(Path folder, ConfigFile model) {
        Path path = folder.resolve(FILE);
        ConfigFile file = Files.exists(path) ? ConfigFile.read(path) : model;
        JsonNode eos = file.root().hasNonNull("eos_token_id")
                ? file.root().path("eos_token_id")
                : model.root().path("eos_token_id");
        Set<Integer> ends = new LinkedHashSet<>();
        if (eos.isArray()) {
            eos.forEach(id -> ends.add(id.asInt()));
        } else if (eos.isInt()) {
            ends.add(eos.asInt());
        }
        try {
            return new GenerationConfig(
                    ends,
                    file.natural("max_new_tokens", file.natural("max_length", MAX_LENGTH)),
                    file.natural("min_new_tokens", file.natural("min_length", 0)),
                    file.natural("num_beams", 1),
                    file.number("length_penalty", 1),
                    stopping(file),
                    file.natural("no_repeat_ngram_size", 0),
                    file.number("repetition_penalty", 1));
        } catch (IllegalArgumentException e) {
            throw new ModelException(file.path() + ": " + e.getMessage(), e);
        }
    }

    private static EarlyStopping stopping(ConfigFile file) {
        String value = file.text("early_stopping", "false");
        return switch (value) {
            case "true" -> EarlyStopping.WHEN_FULL;
            case "false" -> EarlyStopping.HEURISTIC;
            case "never" -> EarlyStopping.NEVER;
            default -> throw new ModelException(file.path() + ": early_stopping must be true, false or never");
        };
    }

    public GenerationConfig withMaxNewTokens(int most) {
        return new GenerationConfig(
                eosTokenIds,
                most,
                Math.min(minNewTokens, most),
                numBeams,
                lengthPenalty,
                earlyStopping,
                noRepeatNgramSize,
                repetitionPenalty);
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
