package dev.plaudit.inference.decoding;

import dev.plaudit.inference.InferenceOptions;
import dev.plaudit.inference.onnx.ElementType;
import dev.plaudit.inference.onnx.OnnxSession;

/**
 * What the decoding loop must know of a decoder-only language model.
 *
 * @param layers transformer blocks
 * @param hiddenSize width of a hidden state
 * @param keyValueHeads heads of keys and values in a block
 * @param headSize width of a head
 * @param vocabSize tokens
 * @param maxPositions longest sequence, prompt included
 * @param cache in what numbers attention is computed, and keys and values are kept
 */
public record CausalShape(
        int layers,
        int hiddenSize,
        int keyValueHeads,
        int headSize,
        int vocabSize,
        int maxPositions,
        ElementType cache) {
    /** With attention in single precision. */
    public CausalShape(int layers, int hiddenSize, int keyValueHeads, int headSize, int vocabSize, int maxPositions) {
        this(layers, hiddenSize, keyValueHeads, headSize, vocabSize, maxPositions, ElementType.FLOAT);
    }

    /**
     * The same for the device that options ask for: ONNX Runtime has this attention on CUDA in half precision only, and on
     * the CPU in either.
     */
    public CausalShape on(InferenceOptions options) {
        return new CausalShape(
                layers,
                hiddenSize,
                keyValueHeads,
                headSize,
                vocabSize,
                maxPositions,
                OnnxSession.wantsCuda(options) ? ElementType.FLOAT16 : ElementType.FLOAT);
    }

    /** Bytes of a cache of keys and values. */
    public long cacheBytes(int rows, int length) {
        return 2L * layers * rows * slotBytes(length);
    }

    /** Bytes of one layer's keys, or values, of one sequence. */
    long slotBytes(int length) {
        return (long) keyValueHeads * length * headSize * cache.bytes();
    }
}
