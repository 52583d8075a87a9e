package dev.plaudit.inference.lora;

/** What an adapter does to a tensor. */
sealed interface Change {
    /**
     * {@code scale · B A} is added.
     *
     * @param a the tensor {@code [rank, in]}
     * @param b the tensor {@code [out, rank]}
     */
    record LowRank(String a, String b, int rank, double scale) implements Change {}

    /** The adapter's own tensor stands in its place. */
    record Whole(String tensor) implements Change {}
}
