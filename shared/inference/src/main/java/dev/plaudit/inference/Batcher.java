package dev.plaudit.inference;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Dynamic batching: concurrent requests are worked off together, one batch at a time, in the order they came.
 *
 * <p>While a batch runs, requests gather for the next. Between batches the runner waits for as much company as the last
 * batch had, never longer than the window after the oldest request came; so a lone caller after a lone caller does not
 * wait at all.
 *
 * <p>Thread-safe, from platform and virtual threads. The work runs on one thread of its own.
 *
 * @param <I> a request
 * @param <O> its result
 */
public final class Batcher<I, O> implements AutoCloseable {
    private record Request<I, O>(I input, CompletableFuture<O> result, long arrival) {}

    private final Function<List<I>, List<O>> work;
    private final long window;
    private final int maxBatch;
    private final int maxQueue;
    private final Deque<Request<I, O>> queue = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread runner = Thread.ofPlatform().name("batcher").daemon().unstarted(this::run);
    private int company = 1;
    private boolean closed;

    /**
     * Starts the runner.
     *
     * @param work computes one result per request, in their order
     * @param window longest wait for company; not negative
     * @param maxBatch most requests of one batch, at least 1
     * @param maxQueue most requests that wait while a batch runs, at least 1
     */
    public Batcher(Function<List<I>, List<O>> work, Duration window, int maxBatch, int maxQueue) {
        if (window.isNegative() || maxBatch < 1 || maxQueue < 1) {
            throw new IllegalArgumentException(
                    "a batcher needs a window of at least 0, a batch and a queue of at least 1");
        }
        this.work = Objects.requireNonNull(work);
        this.window = window.toNanos();
        this.maxBatch = maxBatch;
        this.maxQueue = maxQueue;
        runner.start();
    }

    /**
     * Hands in a request and waits for its result.
     *
     * @throws InterruptedException when the waiting thread is interrupted; the request then leaves the queue
     * @throws RejectedExecutionException when the queue is full or this batcher closed
     * @throws RuntimeException what the work threw for the request's batch
     */
    public O submit(I input) throws InterruptedException {
        CompletableFuture<O> result = submitAsync(input);
        try {
            return result.get();
        } catch (InterruptedException e) {
            result.cancel(false);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    /**
     * Hands in a request. Cancelling the result takes it from the queue, unless its batch runs already.
     *
     * @throws RejectedExecutionException when the queue is full or this batcher closed
     */
    public CompletableFuture<O> submitAsync(I input) {
        Request<I, O> request = new Request<>(input, new CompletableFuture<>(), System.nanoTime());
        lock.lock();
        try {
            if (closed) {
                throw new RejectedExecutionException("the batcher is closed");
            }
            if (queue.size() >= maxQueue) {
                throw new RejectedExecutionException("the queue is full: " + maxQueue + " requests are waiting");
            }
            queue.add(request);
            changed.signal();
        } finally {
            lock.unlock();
        }
        request.result().whenComplete((output, failure) -> {
            if (request.result().isCancelled()) {
                remove(request);
            }
        });
        return request.result();
    }

    /** How many requests wait for a batch now. */
    public int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more requests, works off those in hand and ends; calling it again does nothing. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (runner.isAlive() && Thread.currentThread() != runner) {
            try {
                runner.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        for (List<Request<I, O>> batch = next(); !batch.isEmpty(); batch = next()) {
            answer(batch);
        }
    }

    /** The next batch; empty when this batcher is closed and nothing is in hand. */
    private List<Request<I, O>> next() {
        lock.lock();
        try {
            while (queue.size() < Math.min(company, maxBatch) && !closed) {
                if (queue.isEmpty()) {
                    changed.awaitUninterruptibly();
                } else {
                    long rest = queue.peek().arrival() + window - System.nanoTime();
                    if (rest <= 0 || !await(rest)) {
                        break;
                    }
                }
            }
            List<Request<I, O>> batch = new ArrayList<>();
            while (batch.size() < maxBatch && !queue.isEmpty()) {
                batch.add(queue.poll());
            }
            company = batch.size();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private boolean await(long nanos) {
        try {
            changed.awaitNanos(nanos);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void answer(List<Request<I, O>> batch) {
        try {
            List<O> outputs = work.apply(batch.stream().map(Request::input).toList());
            if (outputs.size() != batch.size()) {
                throw new IllegalStateException(batch.size() + " requests got " + outputs.size() + " results");
            }
            for (int i = 0; i < outputs.size(); i++) {
                batch.get(i).result().complete(outputs.get(i));
            }
        } catch (Throwable e) {
            batch.forEach(request -> request.result().completeExceptionally(e));
        }
    }

    private void remove(Request<I, O> request) {
        lock.lock();
        try {
            queue.remove(request);
        } finally {
            lock.unlock();
        }
    }
}
