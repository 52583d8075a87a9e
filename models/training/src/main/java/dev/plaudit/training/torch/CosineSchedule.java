package dev.plaudit.training.torch;

/**
 * A learning rate that rises linearly from zero to its peak, then falls along half a cosine to zero (Loshchilov and
 * Hutter 2017, without restarts).
 *
 * @param peak the greatest rate
 * @param warmUp steps until the peak
 * @param steps all steps, the warm-up among them
 */
public record CosineSchedule(double peak, long warmUp, long steps) {

    /** The rate of a step, the first being 1. */
    public double at(long step) {
        if (step <= warmUp) {
            return peak * step / warmUp;
        }
        double done = (double) (step - warmUp) / Math.max(1, steps - warmUp);
        return peak * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done)));
    }
}
