package dev.plaudit.inference.decoding;

/** What tokens are to a model. */
@FunctionalInterface
interface Embeddings {
    /** Writes a token's embedding, {@code hidden} values from {@code at} on. */
    void embed(int token, float[] to, int at);
}
