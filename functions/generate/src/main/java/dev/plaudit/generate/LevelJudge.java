package dev.plaudit.generate;

import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Judgement;
import dev.plaudit.events.LikeLevel;
import dev.plaudit.events.Prompt;
import dev.plaudit.features.LevelCalibration;
import dev.plaudit.features.LevelPrompt;
import dev.plaudit.features.PromptFit;
import dev.plaudit.inference.decoding.EarlyStopping;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.decoding.Strategy;
import dev.plaudit.inference.llama.SharedTextGenerator;
import dev.plaudit.inference.llama.TextGenerator;
import java.util.Arrays;
import java.util.List;

/**
 * Tells the like level of a post. The probabilities are those with which the model would give each of the three answers,
 * calibrated; they are not drawn. Thread-safe.
 *
 * @param shared the model
 * @param saying how the answer in words is searched
 * @param calibration of the probabilities
 * @param fit of prompts to the model
 */
record LevelJudge(SharedTextGenerator shared, GenerationConfig saying, LevelCalibration calibration, PromptFit fit) {
    static LevelJudge of(
            SharedTextGenerator shared,
            TextGenerator model,
            GenerateConfig config,
            LevelCalibration calibration,
            PromptFit fit) {
        GenerateConfig.Level level = config.level();
        int beams = Math.min(level.numBeams(), config.maxBatch());
        EarlyStopping stopping = level.earlyStopping() ? EarlyStopping.WHEN_FULL : EarlyStopping.HEURISTIC;
        GenerationConfig saying = model.defaults()
                .withMinNewTokens(0)
                .withMaxNewTokens(LevelPrompt.ANSWER_TOKENS)
                .withStrategy(new Strategy.Beams(beams, 1, stopping), 1)
                .withRepetition(level.noRepeatNgramSize(), 1);
        return new LevelJudge(shared, saying, calibration, fit);
    }

    /**
     * Judges a post by its prompt, of which the text is cut to what the model has room for.
     *
     * @throws InvalidFieldException when even without its text the prompt is too long
     */
    Judgement judge(Prompt prompt) {
        int[] tokens = fitting(prompt);
        double[] answers = LevelPrompt.ANSWERS.stream()
                .mapToDouble(answer -> shared.logProbabilities(tokens, List.of(answer))[0])
                .toArray();
        double[] probabilities = calibration.probabilities(answers);
        String text = shared.generate(tokens, saying).getFirst().text().strip();
        LikeLevel likeliest = Arrays.stream(LikeLevel.values())
                .reduce((a, b) -> probabilities[b.ordinal()] > probabilities[a.ordinal()] ? b : a)
                .orElseThrow();
        return new Judgement(
                text, likeliest, Arrays.stream(probabilities).boxed().toList());
    }

    private int[] fitting(Prompt prompt) {
        int[] tokens = fit.fit(prompt, LevelPrompt.ANSWER_TOKENS, List.of(LevelPrompt.TEXT));
        if (tokens.length + LevelPrompt.ANSWER_TOKENS > fit.contextLength()) {
            throw new InvalidFieldException(
                    "prompt",
                    "must leave room for an answer, has " + tokens.length + " of " + fit.contextLength()
                            + " tokens without its text");
        }
        return tokens;
    }
}
