package dev.plaudit.inference.decoding;

/**
 * What a model reads before it says something.
 *
 * @param embeddings {@code [length, hidden]}, row by row
 * @param tokens those that the rules against repetition count as said; none where a prompt is more than text
 */
public record Prompt(float[] embeddings, int[] tokens) {
    /** A prompt whose tokens nothing is known of. */
    public static Prompt of(float[] embeddings) {
        return new Prompt(embeddings, new int[0]);
    }
}
