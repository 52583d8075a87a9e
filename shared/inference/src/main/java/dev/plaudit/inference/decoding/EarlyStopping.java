package dev.plaudit.inference.decoding;

/** When beam search has enough, as {@code early_stopping} of {@code generation_config.json} says. */
public enum EarlyStopping {
    /** {@code true}: as soon as there are as many finished sequences as beams. */
    WHEN_FULL,
    /**
     * {@code false}: when, in addition, no beam could beat the worst of them if it ended now. Scores only fall, so this is
     * a safe guess where long sequences are not favoured.
     */
    HEURISTIC,
    /** {@code "never"}: when no beam can beat the worst of them at any length. */
    NEVER
}
