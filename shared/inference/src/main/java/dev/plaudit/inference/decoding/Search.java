package dev.plaudit.inference.decoding;

/** Decides how the sequences of one prompt go on, token after token. Not thread-safe. */
interface Search {
    /**
     * How the sequences go on.
     *
     * @param parents for each sequence which of the earlier ones it continues
     * @param tokens what each says next
     */
    record Step(int[] parents, int[] tokens) {
        /** All is said. */
        static final Step END = new Step(new int[0], new int[0]);

        boolean isEnd() {
            return tokens.length == 0;
        }
    }

    /** Most sequences that are ever followed at once. */
    int maxRows();

    /**
     * Takes the next step.
     *
     * @param scores the logits of what may follow each sequence, {@code [sequences, vocabulary]}; they are changed. At
     *     first there is one sequence, the prompt; then as many as the last step had
     * @param start where the first sequence's scores begin
     */
    Step next(float[] scores, int start, int vocabulary);
}
