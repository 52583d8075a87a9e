package dev.plaudit.inference.llama;

import dev.plaudit.inference.decoding.ContinuousBatcher;
import dev.plaudit.inference.decoding.GenerationConfig;
import dev.plaudit.inference.decoding.NgramIndex;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

/**
 * A {@link TextGenerator} for many callers at once, who share its runs by continuous batching; see {@link
 * ContinuousBatcher}. Thread-safe, from platform and virtual threads.
 */
public final class SharedTextGenerator implements AutoCloseable {
    private final TextGenerator generator;
    private final ContinuousBatcher batcher;

    /**
     * @param generator to be closed by the caller after this
     * @param rows most texts at once, at least 1
     * @param maxQueue most requests that wait, at least 1
     */
    public SharedTextGenerator(TextGenerator generator, int rows, int maxQueue) {
        this.generator = generator;
        this.batcher = generator.batcher(rows, maxQueue);
    }

    /**
     * Says what follows a prompt, and waits for it. A thread that is interrupted frees its place before the next token.
     *
     * @return as many texts as asked for, the best first of beam search
     * @throws IllegalArgumentException when the prompt leaves no room, or more texts are asked for than fit at once
     * @throws RejectedExecutionException when too many requests are waiting
     * @throws CancellationException when the waiting thread is interrupted
     */
    public List<GeneratedText> generate(int[] prompt, GenerationConfig config) {
        return generate(prompt, config, Optional.empty(), TextListener.NONE);
    }

    /**
     * The same, heard while it is said.
     *
     * @param forbidden runs of tokens that may not be said
     * @throws IllegalArgumentException in addition, when the strategy is beam search and somebody listens
     */
    public List<GeneratedText> generate(
            int[] prompt, GenerationConfig config, Optional<NgramIndex> forbidden, TextListener listener) {
        return await(generator.generate(batcher, prompt, config, forbidden, listener));
    }

    /**
     * How likely answers are, as the logarithms of their probabilities.
     *
     * @param answers none empty
     * @throws IllegalArgumentException when there are more than fit at once, or they are too long
     * @throws RejectedExecutionException when too many requests are waiting
     * @throws CancellationException when the waiting thread is interrupted
     */
    public double[] logProbabilities(int[] prompt, List<String> answers) {
        return logProbabilitiesOf(
                prompt, answers.stream().map(generator::answer).toList());
    }

    /**
     * How likely answers are by their tokens: the means of what {@link #logProbabilities} sums up. Of an answer that is too
     * long only the beginning that fits counts: one that was written up to the last token may be more tokens when it is
     * read.
     */
    public double[] meanLogProbabilities(int[] prompt, List<String> answers) {
        int room = generator.contextLength() - prompt.length;
        List<int[]> tokens = answers.stream()
                .map(generator::answer)
                .map(answer -> answer.length > room ? Arrays.copyOf(answer, room) : answer)
                .toList();
        double[] sums = logProbabilitiesOf(prompt, tokens);
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= tokens.get(i).length;
        }
        return sums;
    }

    /** Of the texts that fit at once, how many are being said now. */
    public int rowsInUse() {
        return batcher.rowsInUse();
    }

    private double[] logProbabilitiesOf(int[] prompt, List<int[]> answers) {
        return await(batcher.logProbabilities(generator.model().prompt(prompt), answers));
    }

    private static <T> T await(CompletableFuture<T> result) {
        try {
            return result.get();
        } catch (InterruptedException e) {
            result.cancel(false);
            Thread.currentThread().interrupt();
            throw new CancellationException("nobody waits for the text any more");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    /** Finishes what is in hand. */
    @Override
    public void close() {
        batcher.close();
    }
}
