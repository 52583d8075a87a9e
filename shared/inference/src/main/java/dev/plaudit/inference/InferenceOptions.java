package dev.plaudit.inference;

import java.util.Objects;

/**
 * How a model runs.
 *
 * @param precision in what numbers; a folder with an exported graph runs in the graph's own
 * @param threads threads that share the work of one run, at least 1
 * @param spinning whether idle threads of a run spin between two operations: faster alone, unkind to whoever shares the
 *     cores
 * @param maxTokens longest text in tokens, special tokens included, at least 1; the model's own limit holds where it is
 *     lower
 * @param device where it runs
 */
public record InferenceOptions(Precision precision, int threads, boolean spinning, int maxTokens, Device device) {
    /**
     * Single precision, all the cores this process may use, no spinning, the model's own limit of tokens, the CPU.
     */
    public static final InferenceOptions DEFAULT = new InferenceOptions(
            Precision.FP32, Runtime.getRuntime().availableProcessors(), false, Integer.MAX_VALUE, Device.CPU);

    public InferenceOptions {
        Objects.requireNonNull(precision, "precision");
        Objects.requireNonNull(device, "device");
        if (threads < 1) {
            throw new IllegalArgumentException("threads: must be at least 1, but is " + threads);
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens: must be at least 1, but is " + maxTokens);
        }
    }

    public InferenceOptions withPrecision(Precision precision) {
        return new InferenceOptions(precision, threads, spinning, maxTokens, device);
    }

    public InferenceOptions withThreads(int threads) {
        return new InferenceOptions(precision, threads, spinning, maxTokens, device);
    }

    public InferenceOptions withSpinning(boolean spinning) {
        return new InferenceOptions(precision, threads, spinning, maxTokens, device);
    }

    public InferenceOptions withMaxTokens(int maxTokens) {
        return new InferenceOptions(precision, threads, spinning, maxTokens, device);
    }

    public InferenceOptions withDevice(Device device) {
        return new InferenceOptions(precision, threads, spinning, maxTokens, device);
    }
}
