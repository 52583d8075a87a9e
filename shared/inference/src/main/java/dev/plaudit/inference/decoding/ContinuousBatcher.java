package dev.plaudit.inference.decoding;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Continuous batching (Yu et al. 2022, "Orca", section 3.1): requests that come at any time share the model's runs. Each
 * run gives every sequence a token; between two runs requests that wait join in the order they came, as far as there are
 * slots, and those that are done leave. A prompt that begins like one that was read shortly before, as under a shared
 * instruction, is only read from where it differs.
 *
 * <p>What a request says is what it would say alone, but for the rounding of sums that are formed in another order: a
 * token can only differ where two were as good as equally likely.
 *
 * <p>Thread-safe, from platform and virtual threads. The model runs on one thread of its own, on which listeners are called
 * and results completed.
 */
public final class ContinuousBatcher implements AutoCloseable {
    /** A search whose end completes a result, and which ends when nobody waits for the result any more. */
    private record Request<R>(Prompt prompt, Search search, Supplier<R> outcome, CompletableFuture<R> result)
            implements Search {
        @Override
        public int maxRows() {
            return search.maxRows();
        }

        @Override
        public Step next(float[] scores, int start, int vocabulary) {
            if (result.isDone()) {
                return Step.END;
            }
            try {
                Step step = search.next(scores, start, vocabulary);
                if (step.isEnd()) {
                    result.complete(outcome.get());
                }
                return step;
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
                return Step.END;
            }
        }
    }

    private final Decoder decoder;
    private final Batch batch;
    private final int hidden;
    private final int rows;
    private final int room;
    private final int maxQueue;
    private final Deque<Request<?>> queue = new ArrayDeque<>();
    private final List<Request<?>> running = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread runner = Thread.ofPlatform().name("decoder").daemon().unstarted(this::run);
    private boolean closed;
    private volatile int rowsInUse;

    /**
     * Starts the runner. Its cache takes {@link CausalShape#cacheBytes} of {@code rows} and {@code room}.
     *
     * @param model to be closed by the caller after this batcher
     * @param rows most sequences at once, at least 1
     * @param room most tokens of a sequence, prompt included, at least 2; the model's own limit where it is lower
     * @param maxQueue most requests that wait for a slot, at least 1
     */
    public ContinuousBatcher(CausalModel model, int rows, int room, int maxQueue) {
        this(
                model.decoder(rows, Math.min(room, model.shape().maxPositions())),
                model.shape().hiddenSize(),
                rows,
                Math.min(room, model.shape().maxPositions()),
                maxQueue);
    }

    /** @param decoder that is closed with this batcher */
    ContinuousBatcher(Decoder decoder, int hidden, int rows, int room, int maxQueue) {
        Rule.require(rows >= 1 && room >= 2 && maxQueue >= 1, "a batcher needs a row, room for 2 tokens and a queue");
        this.decoder = decoder;
        this.batch = new Batch(decoder);
        this.hidden = hidden;
        this.rows = rows;
        this.room = room;
        this.maxQueue = maxQueue;
        runner.start();
    }

    /**
     * Hands in a request. Cancelling the result takes it from the queue, or frees its slots before the next token.
     *
     * @return its sequences, the best first of beam search; fails with what its listener threw
     * @throws IllegalArgumentException when the prompt leaves no room for a token, or more sequences are asked for than
     *     there are slots
     * @throws RejectedExecutionException when the queue is full or this batcher closed
     */
    public CompletableFuture<List<Generated>> generate(GenerationRequest request) {
        int length = request.prompt().length(hidden, room);
        GeneratingSearch search = GeneratingSearch.of(request.within(room - length));
        return submit(request.prompt(), search, search::generated);
    }

    /**
     * Hands in continuations of a prompt, to learn how likely they are; see {@link CausalModel#logProbabilities}.
     *
     * @throws IllegalArgumentException when the prompt or a continuation is empty, both together are too long, or there
     *     are more continuations than slots
     * @throws RejectedExecutionException when the queue is full or this batcher closed
     */
    public CompletableFuture<double[]> logProbabilities(Prompt prompt, List<int[]> continuations) {
        Scoring scoring = new Scoring(continuations);
        int length = prompt.length(hidden, room) + scoring.longest();
        Rule.require(length <= room, "prompt and continuation are %s tokens, but there is room for %s", length, room);
        return submit(prompt, scoring, scoring::logProbabilities);
    }

    /** Rows that are kept for the requests in hand; none for one that has ended or, one token later, was cancelled. */
    public int rowsInUse() {
        return rowsInUse;
    }

    private <R> CompletableFuture<R> submit(Prompt prompt, Search search, Supplier<R> outcome) {
        Rule.require(
                search.maxRows() <= rows,
                "%s sequences are asked for, but no more than %s fit at once",
                search.maxRows(),
                rows);
        Request<R> request = new Request<>(prompt, search, outcome, new CompletableFuture<>());
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
        request.result().whenComplete((result, failure) -> remove(request));
        return request.result();
    }

    private void remove(Request<?> request) {
        lock.lock();
        try {
            queue.remove(request);
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
        try (decoder) {
            while (admit()) {
                try {
                    rowsInUse = batch.maxRows();
                    batch.step();
                    running.removeIf(request -> request.result().isDone());
                } catch (RuntimeException | Error e) {
                    running.forEach(request -> request.result().completeExceptionally(e));
                    running.clear();
                    batch.clear();
                }
                rowsInUse = batch.maxRows();
            }
        }
    }

    /**
     * Lets requests join as long as there is room, and waits for one if there is nothing to do.
     *
     * @return whether there is something to do; never again when this batcher is closed and nothing is in hand
     */
    private boolean admit() {
        for (Request<?> next = next(); next != null; next = next()) {
            try {
                batch.join(next.prompt(), next);
                running.add(next);
            } catch (RuntimeException | Error e) {
                next.result().completeExceptionally(e);
            }
        }
        return !batch.isEmpty();
    }

    /** The first request that waits, if it fits; waits for one while nothing runs. */
    private Request<?> next() {
        lock.lock();
        try {
            while (queue.isEmpty() && batch.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            boolean fits = !queue.isEmpty() && batch.maxRows() + queue.peek().maxRows() <= rows;
            return fits ? queue.poll() : null;
        } finally {
            lock.unlock();
        }
    }
}
