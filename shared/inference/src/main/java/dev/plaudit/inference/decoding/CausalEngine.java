package dev.plaudit.inference.decoding;

import dev.plaudit.inference.Device;

/** What runs a decoder-only language model. Thread-safe; a decoder is not. */
public interface CausalEngine extends AutoCloseable {
    /** Where it runs: never {@link Device#AUTO}. */
    Device device();

    /**
     * A decoder without any row yet, to be closed before this engine.
     *
     * @param rows the most that it can hold
     * @param room tokens of the longest sequence, its prompt included
     */
    Decoder decoder(int rows, int room);

    @Override
    void close();
}
