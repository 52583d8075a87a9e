package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The like buckets in three words: up to 100 likes, 101 to 1,000, more. */
public enum LikeLevel {
    @JsonProperty("low")
    LOW,
    @JsonProperty("medium")
    MEDIUM,
    @JsonProperty("high")
    HIGH
}
