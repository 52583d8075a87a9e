package dev.plaudit.training.writer;

import dev.plaudit.events.Account;
import dev.plaudit.events.Post;
import dev.plaudit.features.LevelCalibration;
import dev.plaudit.features.LevelPrompt;
import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.llama.LlamaFolder;
import dev.plaudit.inference.llama.TextGenerator;
import dev.plaudit.training.Progress;
import dev.plaudit.training.behavior.DataSplit;
import dev.plaudit.training.behavior.LabeledPost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.SimplexOptimizer;

/** Fits the calibration of a writer's like levels: of the held-out posts it makes the true levels as likely as it can. */
public final class LevelCalibrator {
    /** Of the mean log loss, at which the search ends. */
    private static final double PRECISION = 1e-9;

    private static final int MOST_EVALUATIONS = 5_000;

    private LevelCalibrator() {}

    /**
     * Fits the calibration of a writer on the posts that it was chosen by, and writes it into its folder.
     *
     * @return the calibration
     * @throws dev.plaudit.inference.ModelException when the folder cannot be used
     * @throws IOException when the file cannot be written
     */
    public static LevelCalibration calibrate(Path folder, WriterData data, InferenceOptions options, Progress progress)
            throws IOException {
        try (TextGenerator writer = TextGenerator.open(LlamaFolder.of(folder), options)) {
            LevelCalibration calibration = fit(writer, data.levels(DataSplit.Part.VALIDATION), progress);
            calibration.write(folder);
            return calibration;
        }
    }

    /**
     * Fits the calibration of a writer.
     *
     * @param posts that it has not learnt from; each counts once with what is known of its account, and once without
     */
    static LevelCalibration fit(TextGenerator writer, List<LabeledPost> posts, Progress progress) {
        List<LabeledPost> views = posts.stream()
                .flatMap(post ->
                        Stream.of(post, new LabeledPost(post.post().withAccount(Account.UNKNOWN), post.likes())))
                .toList();
        double[][] answers = new double[views.size()][];
        for (int i = 0; i < answers.length; i++) {
            progress.update("Calibrating like levels", i / (double) answers.length, "");
            answers[i] = answers(writer, views.get(i).post());
        }
        return fit(answers, views.stream().mapToInt(LevelCalibrator::level).toArray());
    }

    /** How likely a writer finds each answer, as the logarithms of their probabilities. */
    static double[] answers(TextGenerator writer, Post post) {
        return writer.logProbabilities(new WriterPrompts(writer).level(post), LevelPrompt.ANSWERS);
    }

    /** The level that a post has, from 0. */
    static int level(LabeledPost post) {
        return post.bucket().level().ordinal();
    }

    /**
     * Fits a calibration by its posterior probability, where a standard normal prior keeps a handful of posts from making it
     * certain. Of the biases only the differences matter: the first is 0.
     *
     * @param answers of each post
     * @param levels of each post, from 0
     */
    static LevelCalibration fit(double[][] answers, int[] levels) {
        double[] best = new SimplexOptimizer(PRECISION, PRECISION)
                .optimize(
                        new ObjectiveFunction(point -> loss(point, answers, levels)),
                        GoalType.MINIMIZE,
                        new InitialGuess(new double[3]),
                        new NelderMeadSimplex(3),
                        new MaxEval(MOST_EVALUATIONS))
                .getPoint();
        return calibration(best);
    }

    /** @param point the logarithm of the temperature, and the biases of the second and the third level */
    private static LevelCalibration calibration(double[] point) {
        return new LevelCalibration(Math.exp(point[0]), List.of(0.0, point[1], point[2]));
    }

    private static double loss(double[] point, double[][] answers, int[] levels) {
        LevelCalibration calibration = calibration(point);
        double loss = Arrays.stream(point).map(value -> value * value / 2).sum();
        for (int i = 0; i < answers.length; i++) {
            loss -= Math.log(calibration.probabilities(answers[i])[levels[i]]);
        }
        return loss / answers.length;
    }
}
