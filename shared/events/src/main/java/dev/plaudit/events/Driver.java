package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One reason for a prediction.
 *
 * @param name what moved it: a part of the prompt, as in {@code caption}, or a numeric feature, as in {@code hour}
 * @param source how the effect was measured
 * @param effect the factor it puts on the likes: 1.25 means a quarter more than without it, 0.5 half; above 0
 */
public record Driver(String name, Source source, double effect) {
    /** How an effect was measured. */
    public enum Source {
        /** The classifier was asked again without this part of the prompt. */
        @JsonProperty("prompt")
        PROMPT,
        /** The exact SHAP value of this feature in the trees that give the number. */
        @JsonProperty("feature")
        FEATURE
    }
}
