package dev.plaudit.inference;

/** In what numbers the matrix products of a model are computed. Everything between them stays single precision. */
public enum Precision {
    /** IEEE 754 single precision; on a GPU that has them, products of TensorFloat-32, as ONNX Runtime does by default. */
    FP32(0),
    /**
     * IEEE 754 half precision, on a GPU. On a CPU, which has no such products, weights are widened as the model opens, and it
     * runs as {@link #FP32}.
     */
    FP16(0),
    /**
     * Dynamic quantisation: weights as unsigned bytes with one scale per output channel, activations quantised to
     * unsigned bytes at each product with one scale per batch, sums in 32-bit integers.
     */
    INT8(0),
    /**
     * Weights as four bits with one scale per block of 32 inputs of an output channel, activations quantised to bytes
     * with one scale per such block. For the linear layers of captioning and text generation, which memory bounds; a
     * classifier does not gain from it.
     */
    INT4(32),
    /** As {@link #INT4} with blocks of 64: a tenth smaller, and a little coarser. */
    INT4_64(64),
    /** As {@link #INT4} with blocks of 128, as GPTQ and AWQ have them by custom: smaller and faster again, and coarser. */
    INT4_128(128);

    private final int block;

    Precision(int block) {
        this.block = block;
    }

    /** Inputs of an output channel that share one scale; 0 where weights are not kept in blocks. */
    public int block() {
        return block;
    }
}
