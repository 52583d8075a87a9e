package dev.plaudit.inference.decoding;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How text is generated, by the names and definitions of Hugging Face's {@code generation_config.json}.
 *
 * @param eosTokenIds tokens that end a sequence; may be empty
 * @param maxNewTokens most tokens of a sequence, its end included, from 1 to {@value #MOST_TOKENS}
 * @param minNewTokens tokens before which a sequence cannot end, from 0 to {@code maxNewTokens}
 * @param strategy how the next token is chosen
 * @param numReturnSequences sequences for each prompt: 1 of greedy search, at most {@code num_beams} of beam search
 * @param noRepeatNgramSize no run of so many tokens comes twice; 0 allows all
 * @param repetitionPenalty divides the score of a token that came before, where it is positive, and multiplies it where
 *     it is negative; above 0, and 1 for none
 * @param stopStrings texts that end a sequence, each of 1 to {@value #LONGEST_STOP_STRING} characters
 */
public record GenerationConfig(
        Set<Integer> eosTokenIds,
        int maxNewTokens,
        int minNewTokens,
        Strategy strategy,
        int numReturnSequences,
        int noRepeatNgramSize,
        double repetitionPenalty,
        List<String> stopStrings) {
    /** The file of a checkpoint folder. */
    public static final String FILE = "generation_config.json";

    /** No model here has more positions. */
    public static final int MOST_TOKENS = 131_072;

    public static final int LONGEST_STOP_STRING = 256;

    /** What Hugging Face takes where nothing is said. */
    private static final int MAX_LENGTH = 20;

    private static final int TOP_K = 50;

    /** Settings that change what is said, are not offered here, and the number at which they do nothing, as at false. */
    private static final Map<String, Double> NOT_OFFERED = Map.ofEntries(
            Map.entry("num_beam_groups", 1.0),
            Map.entry("diversity_penalty", 0.0),
            Map.entry("penalty_alpha", 0.0),
            Map.entry("typical_p", 1.0),
            Map.entry("epsilon_cutoff", 0.0),
            Map.entry("eta_cutoff", 0.0),
            Map.entry("guidance_scale", 1.0),
            Map.entry("encoder_repetition_penalty", 1.0),
            Map.entry("encoder_no_repeat_ngram_size", 0.0),
            Map.entry("exponential_decay_length_penalty", Double.NaN),
            Map.entry("forced_decoder_ids", Double.NaN),
            Map.entry("watermarking_config", Double.NaN),
            Map.entry("dola_layers", Double.NaN),
            Map.entry("bad_words_ids", Double.NaN),
            Map.entry("force_words_ids", Double.NaN),
            Map.entry("suppress_tokens", Double.NaN),
            Map.entry("begin_suppress_tokens", Double.NaN),
            Map.entry("sequence_bias", Double.NaN),
            Map.entry("forced_bos_token_id", Double.NaN),
            Map.entry("forced_eos_token_id", Double.NaN),
            Map.entry("renormalize_logits", Double.NaN),
            Map.entry("token_healing", Double.NaN),
            Map.entry("max_time", Double.NaN),
            Map.entry("top_h", Double.NaN));

    public GenerationConfig {
        eosTokenIds = Set.copyOf(eosTokenIds);
        stopStrings = List.copyOf(stopStrings);
        Rule.require(
                maxNewTokens >= 1 && maxNewTokens <= MOST_TOKENS,
                "max_new_tokens must be from 1 to %s, but is %s",
                MOST_TOKENS,
                maxNewTokens);
        Rule.require(minNewTokens >= 0, "min_new_tokens must be at least 0, but is %s", minNewTokens);
        Rule.require(
                minNewTokens <= maxNewTokens,
                "min_new_tokens %s is more than max_new_tokens %s",
                minNewTokens,
                maxNewTokens);
        Rule.require(numReturnSequences >= 1, "num_return_sequences must be at least 1, but is %s", numReturnSequences);
        switch (strategy) {
            case Strategy.Greedy greedy ->
                Rule.require(
                        numReturnSequences == 1,
                        "num_return_sequences must be 1 of greedy search, but is %s; set do_sample or num_beams",
                        numReturnSequences);
            case Strategy.Beams beams ->
                Rule.require(
                        numReturnSequences <= beams.numBeams(),
                        "num_return_sequences %s is more than num_beams %s",
                        numReturnSequences,
                        beams.numBeams());
            case Strategy.Sampling sampling -> {}
        }
        Rule.require(noRepeatNgramSize >= 0, "no_repeat_ngram_size must be at least 0, but is %s", noRepeatNgramSize);
        Rule.require(
                repetitionPenalty > 0 && Double.isFinite(repetitionPenalty),
                "repetition_penalty must be a positive number, but is %s",
                repetitionPenalty);
        for (int i = 0; i < stopStrings.size(); i++) {
            int length = stopStrings.get(i).length();
            Rule.require(
                    length >= 1 && length <= LONGEST_STOP_STRING,
                    "stop_strings[%s] must be of 1 to %s characters, but has %s",
                    i,
                    LONGEST_STOP_STRING,
                    length);
        }
    }

    /** Greedy search to an end token or a number of tokens. */
    public static GenerationConfig greedy(int maxNewTokens, Integer... eosTokenIds) {
        return new GenerationConfig(Set.of(eosTokenIds), maxNewTokens, 0, new Strategy.Greedy(), 1, 0, 1, List.of());
    }

    /**
     * Reads a folder's {@code generation_config.json}; what it leaves open, or all where there is no such file, is as the
     * language model's configuration says, or Hugging Face's default. {@code max_length} and {@code min_length} are taken
     * as numbers of new tokens. The seed of sampling is 0.
     *
     * @param model the language model's part of {@code config.json}
     * @throws ModelException when a setting is out of range, contradicts another or is not offered
     */
    public static GenerationConfig of(Path folder, ConfigFile model) {
        Path path = folder.resolve(FILE);
        ConfigFile file = Files.exists(path) ? ConfigFile.read(path) : model;
        try {
            NOT_OFFERED.forEach((field, neutral) -> {
                JsonNode value = file.root().path(field);
                Rule.require(
                        value.isMissingNode()
                                || value.isNull()
                                || value.isNumber() && value.doubleValue() == neutral
                                || value.isBoolean() && !value.booleanValue(),
                        "%s is not offered",
                        field);
            });
            return new GenerationConfig(
                    ends(file.root().hasNonNull("eos_token_id") ? file : model),
                    file.natural("max_new_tokens", file.natural("max_length", MAX_LENGTH)),
                    file.natural("min_new_tokens", file.natural("min_length", 0)),
                    strategy(file),
                    file.natural("num_return_sequences", 1),
                    file.natural("no_repeat_ngram_size", 0),
                    file.number("repetition_penalty", 1),
                    texts(file, "stop_strings"));
        } catch (IllegalArgumentException e) {
            throw new ModelException(file.path() + ": " + e.getMessage(), e);
        }
    }

    private static Strategy strategy(ConfigFile file) {
        int beams = file.natural("num_beams", 1);
        boolean sample = file.flag("do_sample", false);
        Rule.require(!sample || beams == 1, "num_beams %s with do_sample, sampled beams, is not offered", beams);
        if (sample) {
            return new Strategy.Sampling(
                    file.number("temperature", 1),
                    file.natural("top_k", TOP_K),
                    file.number("top_p", 1),
                    file.number("min_p", 0),
                    0);
        }
        return beams == 1
                ? new Strategy.Greedy()
                : new Strategy.Beams(beams, file.number("length_penalty", 1), stopping(file));
    }

    private static EarlyStopping stopping(ConfigFile file) {
        return switch (file.text("early_stopping", "false")) {
            case "true" -> EarlyStopping.WHEN_FULL;
            case "false" -> EarlyStopping.HEURISTIC;
            case "never" -> EarlyStopping.NEVER;
            default -> throw new IllegalArgumentException("early_stopping must be true, false or \"never\"");
        };
    }

    private static Set<Integer> ends(ConfigFile file) {
        JsonNode field = file.root().path("eos_token_id");
        Set<Integer> ends = new LinkedHashSet<>();
        if (!field.isMissingNode() && !field.isNull()) {
            for (JsonNode id : field.isArray() ? field : List.of(field)) {
                Rule.require(id.isInt() && id.intValue() >= 0, "eos_token_id must be a token or a list of tokens");
                ends.add(id.intValue());
            }
        }
        return ends;
    }

    private static List<String> texts(ConfigFile file, String name) {
        JsonNode field = file.root().path(name);
        if (field.isMissingNode() || field.isNull()) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode text : field.isArray() ? field : List.of(field)) {
            Rule.require(text.isTextual(), "%s must be a text or a list of texts", name);
            texts.add(text.textValue());
        }
        return texts;
    }

    public GenerationConfig withMaxNewTokens(int most) {
        return new GenerationConfig(
                eosTokenIds,
                most,
                minNewTokens,
                strategy,
                numReturnSequences,
                noRepeatNgramSize,
                repetitionPenalty,
                stopStrings);
    }

    public GenerationConfig withMinNewTokens(int least) {
        return new GenerationConfig(
                eosTokenIds,
                maxNewTokens,
                least,
                strategy,
                numReturnSequences,
                noRepeatNgramSize,
                repetitionPenalty,
                stopStrings);
    }

    /** @param sequences for each prompt */
    public GenerationConfig withStrategy(Strategy strategy, int sequences) {
        return new GenerationConfig(
                eosTokenIds,
                maxNewTokens,
                minNewTokens,
                strategy,
                sequences,
                noRepeatNgramSize,
                repetitionPenalty,
                stopStrings);
    }

    public GenerationConfig withRepetition(int noRepeatNgramSize, double repetitionPenalty) {
        return new GenerationConfig(
                eosTokenIds,
                maxNewTokens,
                minNewTokens,
                strategy,
                numReturnSequences,
                noRepeatNgramSize,
                repetitionPenalty,
                stopStrings);
    }

    public GenerationConfig withStopStrings(List<String> stopStrings) {
        return new GenerationConfig(
                eosTokenIds,
                maxNewTokens,
                minNewTokens,
                strategy,
                numReturnSequences,
                noRepeatNgramSize,
                repetitionPenalty,
                stopStrings);
    }

    /** The same, with no more tokens than there is room for. */
    GenerationConfig within(int room) {
        int most = Math.min(maxNewTokens, room);
        return withMinNewTokens(Math.min(minNewTokens, most)).withMaxNewTokens(most);
    }
}
