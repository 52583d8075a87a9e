package dev.plaudit.features;

import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.LikeLevel;
import dev.plaudit.events.SimulationJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Turns how likely a language model finds each of {@link LevelPrompt#ANSWERS} into the probability that it is right: the
 * logarithms are divided by a temperature, a bias is added to each, and softmax makes them add up to 1 (Guo et al. 2017, "On
 * calibration of modern neural networks", section 4.2).
 *
 * @param temperature above 0; 1 changes nothing
 * @param biases one for each level
 */
public record LevelCalibration(double temperature, List<Double> biases) {
    /** The file of a model's folder. */
    public static final String FILE = "level_calibration.json";

    /** For a model of which nothing was measured: its own probabilities. */
    public static final LevelCalibration NONE = new LevelCalibration(1, List.of(0.0, 0.0, 0.0));

    public LevelCalibration {
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw new InvalidFieldException("temperature", "must be a number above 0, was " + temperature);
        }
        if (biases == null
                || biases.size() != LikeLevel.values().length
                || !biases.stream().allMatch(bias -> bias != null && Double.isFinite(bias))) {
            throw new InvalidFieldException("biases", "must be a number for each of low, medium and high");
        }
        biases = List.copyOf(biases);
    }

    /**
     * The calibration that a model was given when it was trained; {@link #NONE} where it has none.
     *
     * @throws InvalidFieldException when its {@value #FILE} is damaged
     */
    public static LevelCalibration in(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            return Files.exists(file) ? SimulationJson.read(Files.readAllBytes(file), LevelCalibration.class) : NONE;
        } catch (InvalidFieldException e) {
            throw new InvalidFieldException(file + ": " + e.field(), e.rule());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /** Writes {@value #FILE} into a model's folder. */
    public void write(Path folder) throws IOException {
        Files.writeString(folder.resolve(FILE), SimulationJson.write(this) + "\n");
    }

    /**
     * The probabilities of the levels.
     *
     * @param logProbabilities of the answers; not all minus infinity
     */
    public double[] probabilities(double[] logProbabilities) {
        double[] values = new double[logProbabilities.length];
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < values.length; i++) {
            values[i] = logProbabilities[i] / temperature + biases.get(i);
            max = Math.max(max, values[i]);
        }
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.exp(values[i] - max);
            sum += values[i];
        }
        for (int i = 0; i < values.length; i++) {
            values[i] /= sum;
        }
        return values;
    }
}
