package dev.plaudit.training.language;

import ai.djl.ndarray.NDList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Has a model answer while it learns, by its own arithmetic: slow, and for a look only. */
final class Sampling {
    private Sampling() {}

    /**
     * What the model says after a prompt, drawn by chance.
     *
     * @param by the weights to use
     * @param most tokens
     * @return without the end
     */
    static long[] answer(Llama model, NDList by, long[] prompt, int most, int end, double temperature, Random random) {
        long[] ids = Arrays.copyOf(prompt, prompt.length + most);
        int length = prompt.length;
        while (length < ids.length) {
            int token = draw(model.next(List.of(Arrays.copyOf(ids, length)), by)[0], temperature, random);
            if (token == end) {
                break;
            }
            ids[length++] = token;
        }
        return Arrays.copyOfRange(ids, prompt.length, length);
    }

    private static int draw(float[] logits, double temperature, Random random) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            greatest = Math.max(greatest, logit);
        }
        double[] odds = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < odds.length; i++) {
            odds[i] = Math.exp((logits[i] - greatest) / temperature);
            sum += odds[i];
        }
        double left = random.nextDouble() * sum;
        int token = 0;
        while (token < odds.length - 1 && left >= odds[token]) {
            left -= odds[token++];
        }
        return token;
    }
}
