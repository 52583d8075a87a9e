package dev.plaudit.inference.classification;

import dev.plaudit.inference.ModelException;

/**
 * What a classifier says of one text.
 *
 * @param logits one score per label, unbounded
 * @param probabilities softmax of the logits: one per label, from 0 to 1, summing to 1
 * @param embedding the pooled vector that the last layer classifies; empty when an exported graph has no such output
 */
public record TextClass(float[] logits, float[] probabilities, float[] embedding) {
    /** @throws ModelException when the probabilities are no numbers */
    static TextClass of(float[] logits, float[] embedding) {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        double[] exponentials = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            exponentials[i] = Math.exp(logits[i] - max);
            sum += exponentials[i];
        }
        if (Double.isNaN(sum)) {
            throw new ModelException(
                    "the model answers with logits that are no numbers: its weights are damaged, or its"
                            + " sums are too large for its precision");
        }
        float[] probabilities = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = (float) (exponentials[i] / sum);
        }
        return new TextClass(logits, probabilities, embedding);
    }
}
