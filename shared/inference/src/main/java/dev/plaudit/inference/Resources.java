package dev.plaudit.inference;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a model holds open, to be closed together, the last one first. Not thread-safe. */
public final class Resources implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Adds what was just opened, and returns it. */
    public <T extends AutoCloseable> T add(T resource) {
        open.push(resource);
        return resource;
    }

    /** @throws IllegalStateException when something cannot be closed; the rest is closed all the same */
    @Override
    public void close() {
        if (!open.isEmpty()) {
            try (AutoCloseable last = open.pop()) {
                // Closed after all that was opened later, and before the rest.
            } catch (Exception e) {
                throw new IllegalStateException("a part of a model cannot be closed", e);
            } finally {
                close();
            }
        }
    }
}
