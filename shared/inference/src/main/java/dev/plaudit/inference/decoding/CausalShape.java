package dev.plaudit.inference.decoding;

/**
 * What the decoding loop must know of a decoder-only language model.
 *
 * @param layers transformer blocks
 * @param hiddenSize width of a hidden state
 * @param keyValueHeads heads of keys and values in a block
 * @param headSize width of a head
 * @param vocabSize tokens
 * @param maxPositions longest sequence, prompt included
 */
public record CausalShape(
        int layers, int hiddenSize, int keyValueHeads, int headSize, int vocabSize, int maxPositions) {
    /** Bytes of a cache of keys and values in single precision. */
    public long cacheBytes(int rows, int length) {
        return 2L * layers * rows * keyValueHeads * length * headSize * Float.BYTES;
    }
}
