package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A generated post.
 *
 * @param text the post
 * @param score the mean log probability of its tokens, under the model that wrote it
 * @param engagement what the behavior chain predicts for it; null when not asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Draft(String text, double score, Engagement engagement) {}
