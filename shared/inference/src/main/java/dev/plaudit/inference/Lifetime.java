package dev.plaudit.inference;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** Lets calls through while something is open; its end waits for the calls in hand. Thread-safe. */
public final class Lifetime {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final String what;
    private boolean ended;

    /** @param what is open, for the error of whoever comes too late */
    public Lifetime(String what) {
        this.what = what;
    }

    /**
     * Makes a call.
     *
     * @throws IllegalStateException after the end
     */
    public <T> T during(Supplier<T> call) {
        lock.readLock().lock();
        try {
            if (ended) {
                throw new IllegalStateException(what + " is closed");
            }
            return call.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Waits for the calls in hand, then frees what they used; a second end does nothing. */
    public void end(Runnable free) {
        lock.writeLock().lock();
        try {
            if (!ended) {
                ended = true;
                free.run();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
