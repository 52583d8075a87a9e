package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * How posts are to be written.
 *
 * @param drafts how many, 1 to {@value #MAX_DRAFTS}; 1 when null
 * @param seed of chance: the same seed and prompt give the same drafts; 0 when null
 * @param temperature how bold: above 0, up to {@value #MAX_TEMPERATURE}; 1 draws a token by its probability; null for the
 *     model's own
 * @param topP the smallest set of likeliest tokens with this probability is drawn from; above 0, up to 1; null for the
 *     model's own
 * @param maxNewTokens the longest draft in tokens, 1 to {@value #MAX_NEW_TOKENS}; null for the length of a post
 * @param stop texts that end a draft; at most {@value #MAX_STOPS}, each of 1 to {@value #LONGEST_STOP} characters
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Writing(
        Integer drafts, Long seed, Double temperature, Double topP, Integer maxNewTokens, List<String> stop) {
    static final int MAX_DRAFTS = 16;
    static final int MAX_TEMPERATURE = 10;
    static final int MAX_NEW_TOKENS = 2048;
    static final int MAX_STOPS = 8;
    static final int LONGEST_STOP = 256;

    /** One draft, as the model would write it. */
    public static final Writing DEFAULT = new Writing(null, null, null, null, null, null);

    public Writing {
        drafts = drafts == null ? 1 : drafts;
        seed = seed == null ? 0 : seed;
        stop = stop == null ? List.of() : stop;
        require(drafts >= 1 && drafts <= MAX_DRAFTS, "drafts", "must be 1 to " + MAX_DRAFTS, drafts);
        require(
                temperature == null || temperature > 0 && temperature <= MAX_TEMPERATURE,
                "temperature",
                "must be above 0, up to " + MAX_TEMPERATURE,
                temperature);
        require(topP == null || topP > 0 && topP <= 1, "topP", "must be above 0, up to 1", topP);
        require(
                maxNewTokens == null || maxNewTokens >= 1 && maxNewTokens <= MAX_NEW_TOKENS,
                "maxNewTokens",
                "must be 1 to " + MAX_NEW_TOKENS,
                maxNewTokens);
        require(stop.size() <= MAX_STOPS, "stop", "must be at most " + MAX_STOPS + " texts", stop.size());
        for (int i = 0; i < stop.size(); i++) {
            int length = stop.get(i) == null ? 0 : stop.get(i).length();
            require(
                    length >= 1 && length <= LONGEST_STOP,
                    "stop[" + i + "]",
                    "must be of 1 to " + LONGEST_STOP + " characters",
                    length);
        }
        stop = List.copyOf(stop);
    }

    private static void require(boolean holds, String field, String rule, Object value) {
        if (!holds) {
            throw new InvalidFieldException(field, rule + ", was " + value);
        }
    }
}
