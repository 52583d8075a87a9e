package dev.plaudit.trees;

import java.util.List;

/**
 * What moved an estimate, in log1p(likes): the values and {@code expected} add up to what the regressors predict.
 *
 * @param names the numeric features, then {@value #TEXT}
 * @param values one SHAP value per name; {@value #TEXT} stands for all dimensions of the embedding together
 * @param expected the prediction when nothing is known of the post
 */
public record Contributions(List<String> names, double[] values, double expected) {
    /** The name under which the embedding's dimensions are summed. */
    public static final String TEXT = "text";
}
