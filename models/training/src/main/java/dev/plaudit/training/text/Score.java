package dev.plaudit.training.text;

import dev.plaudit.training.text.TextTrainingOptions.Selection;

/** Sums up how well logits meet their targets. */
final class Score {
    private int examples;
    private int right;
    private double loss;

    /** Adds examples, and their cross entropy as it follows from the logits. */
    void add(float[][] logits, float[][] targets) {
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            sum += crossEntropy(logits[i], targets[i]);
        }
        add(logits, targets, sum / logits.length);
    }

    /** Adds examples whose mean loss is known. */
    void add(float[][] logits, float[][] targets, double meanLoss) {
        for (int i = 0; i < logits.length; i++) {
            right += greatest(logits[i]) == greatest(targets[i]) ? 1 : 0;
        }
        examples += logits.length;
        loss += meanLoss * logits.length;
    }

    private static double crossEntropy(float[] logits, float[] target) {
        double greatest = logits[greatest(logits)];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - greatest);
        }
        double logSum = greatest + Math.log(sum);
        double loss = 0;
        for (int i = 0; i < logits.length; i++) {
            loss += target[i] * (logSum - logits[i]);
        }
        return loss;
    }

    private static int greatest(float[] values) {
        int greatest = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[greatest]) {
                greatest = i;
            }
        }
        return greatest;
    }

    double loss() {
        return loss / examples;
    }

    double accuracy() {
        return (double) right / examples;
    }

    boolean betterThan(Score other, Selection selection) {
        return switch (selection) {
            case ACCURACY -> accuracy() > other.accuracy();
            case LOSS -> loss() < other.loss();
        };
    }
}
