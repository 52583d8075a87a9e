package dev.plaudit.function;

import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;

/** Whoever waits for the answer to a request, and may go away. Thread-safe. */
public final class Caller {
    private static final String KEY = Caller.class.getName();

    private Thread worker;
    private boolean gone;

    private Caller() {}

    /** Keeps an eye on the caller of a request; on the event loop, before anything works on it. */
    static void watch(RoutingContext request) {
        Caller caller = new Caller();
        request.put(KEY, caller);
        request.addEndHandler(answered -> {
            if (answered.failed()) {
                caller.leave();
            }
        });
    }

    /** The caller of a {@code POST} request. */
    public static Caller of(RoutingContext request) {
        return request.get(KEY);
    }

    /**
     * Works as long as the caller waits, on this thread, which is interrupted when the caller leaves.
     *
     * @throws CancellationException when the caller has left before
     */
    public <T> T whileWaiting(Callable<T> work) throws Exception {
        begin();
        try {
            return work.call();
        } finally {
            end();
        }
    }

    private synchronized void leave() {
        gone = true;
        if (worker != null) {
            worker.interrupt();
        }
    }

    private synchronized void begin() {
        if (gone) {
            throw new CancellationException("the caller is gone");
        }
        worker = Thread.currentThread();
    }

    /** The thread goes back to its pool without a mark. */
    private synchronized void end() {
        worker = null;
        if (gone) {
            Thread.interrupted();
        }
    }
}
