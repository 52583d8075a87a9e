package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What is asked of a post. */
public enum Task {
    /** Behavior simulation: how many likes the given post will get. */
    @JsonProperty("behavior")
    BEHAVIOR,
    /** Content simulation: write the post. */
    @JsonProperty("content")
    CONTENT,
    /** Behavior understanding: what a language model thinks how well the given post will be liked. */
    @JsonProperty("level")
    LEVEL;

    /** The value of the {@link Extensions#TASK} extension: the name in lower case. */
    public String value() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
