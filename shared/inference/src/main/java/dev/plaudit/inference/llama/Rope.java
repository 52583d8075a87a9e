package dev.plaudit.inference.llama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plaudit.inference.ConfigFile;

/**
 * Rotary positions (Su et al. 2021, "RoFormer"): at place {@code p} the {@code i}-th pair of a head is turned by {@code p ·
 * frequency(i)}.
 *
 * @param theta {@code rope_theta}, the base of the frequencies
 * @param scaling how they are stretched to sequences longer than those first trained on
 */
public record Rope(double theta, Scaling scaling) {
    /** Stretches a frequency. */
    public sealed interface Scaling {
        double apply(double frequency);
    }

    /** {@code default}: no stretching. */
    public record None() implements Scaling {
        @Override
        public double apply(double frequency) {
            return frequency;
        }
    }

    /** {@code linear}: places are divided by a factor (Chen et al. 2023, "Position Interpolation"). */
    public record Linear(double factor) implements Scaling {
        @Override
        public double apply(double frequency) {
            return frequency / factor;
        }
    }

    /**
     * {@code llama3}: wavelengths above {@code originalMaxPositions / lowFreqFactor} are stretched, those below {@code
     * originalMaxPositions / highFreqFactor} are not, and those between are in part.
     */
    public record Llama3(double factor, double lowFreqFactor, double highFreqFactor, int originalMaxPositions)
            implements Scaling {
        @Override
        public double apply(double frequency) {
            double wavesInOriginal = originalMaxPositions * frequency / (2 * Math.PI);
            double kept = Math.clamp((wavesInOriginal - lowFreqFactor) / (highFreqFactor - lowFreqFactor), 0, 1);
            return frequency * (kept + (1 - kept) / factor);
        }
    }

    /**
     * Reads {@code rope_theta} and {@code rope_scaling}, or {@code rope_parameters} as newer files call them together; as in
     * Hugging Face, a {@code rope_theta} beside them holds where there is none inside.
     *
     * @throws dev.plaudit.inference.ModelException when a field is out of range, or the type is none of the above
     */
    public static Rope of(ConfigFile file) {
        ConfigFile scaling = file.part(file.root().hasNonNull("rope_parameters") ? "rope_parameters" : "rope_scaling");
        double theta = scaling.number("rope_theta", file.number("rope_theta", 10_000));
        LlamaConfig.require(file, theta > 1 && Double.isFinite(theta), "rope_theta must be above 1");
        String type = scaling.text("rope_type", scaling.text("type", "default"));
        return new Rope(
                theta,
                switch (type) {
                    case "default" -> new None();
                    case "linear" -> new Linear(factor(scaling, "factor"));
                    case "llama3" -> llama3(scaling);
                    default -> {
                        LlamaConfig.require(
                                file, false, "rope_scaling must be default, linear or llama3, but is " + type);
                        throw new AssertionError();
                    }
                });
    }

    private static Llama3 llama3(ConfigFile scaling) {
        Llama3 llama3 = new Llama3(
                factor(scaling, "factor"),
                factor(scaling, "low_freq_factor"),
                factor(scaling, "high_freq_factor"),
                scaling.positive("original_max_position_embeddings"));
        LlamaConfig.require(
                scaling,
                llama3.highFreqFactor > llama3.lowFreqFactor,
                "high_freq_factor of rope_scaling must be above low_freq_factor");
        return llama3;
    }

    private static double factor(ConfigFile scaling, String field) {
        JsonNode value = scaling.root().path(field);
        LlamaConfig.require(
                scaling,
                value.isNumber() && value.doubleValue() > 0,
                field + " of rope_scaling must be a number above 0");
        return value.doubleValue();
    }

    /** The angle by which each pair of a head turns from one place to the next, {@code head / 2} of them. */
    double[] frequencies(int head) {
        double[] frequencies = new double[head / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = scaling.apply(Math.pow(theta, -2.0 * i / head));
        }
        return frequencies;
    }
}
