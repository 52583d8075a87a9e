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

    /**
     * Its length in tokens.
     *
     * @param room tokens that it may have together with what is said after it
     * @throws IllegalArgumentException when it is empty, has half an embedding or leaves no room
     */
    int length(int hidden, int room) {
        int length = embeddings.length / hidden;
        Rule.require(
                length > 0 && length * hidden == embeddings.length,
                "a prompt must be one or more embeddings of %s values, but has %s values",
                hidden,
                embeddings.length);
        Rule.require(length < room, "a prompt of %s tokens leaves no room in %s positions", length, room);
        return length;
    }
}
