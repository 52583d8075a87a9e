package dev.plaudit.inference;

/** In what numbers the matrix products of a model are computed. */
public enum Precision {
    /** IEEE 754 single precision. */
    FP32,
    /**
     * Dynamic quantisation: weights as unsigned bytes with one scale per output channel, activations quantised to
     * unsigned bytes at each product with one scale per batch, sums in 32-bit integers. Everything between the
     * products, and the classification head, stays single precision.
     */
    INT8
}
