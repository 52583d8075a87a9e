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
import java.util.stream.Stream;

/**
 * Continuous batching (Yu et al. 2022, "Orca", section 3.1): requests that come at any time share the model's runs. Each
 * run gives every sequence a token; between two runs requests that wait join in the order they came, as far as there are
 * slots, and those that are done leave. A prompt that begins like one that was read shortly before, as under a shared
 * instruction, is only read from where it differs.
 *
 * <p>What a request says is what it would say alone, but for the rounding of sums that are formed in another order: a
 * token can only differ where two were as good as equally likely.
 *
 * <p>A model can run in several places at once, each with a thread and sequences of its own: a request stays with the one
 * that has the fewest.
 *
 * <p>Thread-safe, from platform and virtual threads. Listeners are called, and results completed, on the threads that run
 * the model.
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

    private final List<Runner> runners;
    private final int hidden;
    private final int rows;
    private final int room;
    private final int maxQueue;
    private final Deque<Request<?>> queue = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;

    /**
     * Starts the runners. Each one's cache takes {@link CausalShape#cacheBytes} of {@code rows} and {@code room}.
     *
     * @param model to be closed by the caller after this batcher
     * @param runners places where it runs at once, at least 1; no more are made than there are rows
     * @param rows most sequences at once in all of them, at least 1
     * @param room most tokens of a sequence, prompt included, at least 2; the model's own limit where it is lower
     * @param maxQueue most requests that wait for a slot, at least 1
     */
    public ContinuousBatcher(CausalModel model, int runners, int rows, int room, int maxQueue) {
        this(
                Stream.generate(() ->
                                model.decoder(rows, Math.min(room, model.shape().maxPositions())))
                        .limit(Math.min(runners, rows))
                        .toList(),
                model.shape().hiddenSize(),
                rows,
                Math.min(room, model.shape().maxPositions()),
                maxQueue);
    }

    /** @param decoders that are closed with this batcher */
    ContinuousBatcher(List<Decoder> decoders, int hidden, int rows, int room, int maxQueue) {
        Rule.require(
                !decoders.isEmpty() && rows >= 1 && room >= 2 && maxQueue >= 1,
                "a batcher needs a runner, a row, room for 2 tokens and a queue");
        this.runners = decoders.stream().map(Runner::new).toList();
        this.hidden = hidden;
        this.rows = rows;
        this.room = room;
        this.maxQueue = maxQueue;
        runners.forEach(runner -> runner.thread.start());
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
        return runners.stream().mapToInt(runner -> runner.rowsInUse).sum();
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
            changed.signalAll();
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
            changed.signalAll();
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
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        for (Runner runner : runners) {
            interrupted |= runner.await();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A place where the model runs. Its fields but for {@link #rowsInUse} belong to its thread. */
    private final class Runner {
        private final Decoder decoder;
        private final Batch batch;
        private final List<Request<?>> running = new ArrayList<>();
        private final Thread thread =
                Thread.ofPlatform().name("decoder").daemon().unstarted(this::run);

        /** Written under the lock. */
        private volatile int rowsInUse;

        Runner(Decoder decoder) {
            this.decoder = decoder;
            this.batch = new Batch(decoder);
        }

        private void run() {
            try (decoder) {
                while (admit()) {
                    try {
                        batch.step();
                        running.removeIf(request -> request.result().isDone());
                    } catch (RuntimeException | Error e) {
                        running.forEach(request -> request.result().completeExceptionally(e));
                        running.clear();
                        batch.clear();
                    }
                    keep(batch.maxRows());
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
                    keep(batch.maxRows());
                }
            }
            return !batch.isEmpty();
        }

        /** The first request that waits, if it may join here; waits for one while nothing runs. */
        private Request<?> next() {
            lock.lock();
            try {
                while (!mayJoin() && batch.isEmpty() && !(closed && queue.isEmpty())) {
                    changed.awaitUninterruptibly();
                }
                if (!mayJoin()) {
                    return null;
                }
                Request<?> next = queue.poll();
                rowsInUse += next.maxRows();
                return next;
            } finally {
                lock.unlock();
            }
        }

        /** Whether the first request that waits fits, and no other runner has less to do. */
        private boolean mayJoin() {
            return !queue.isEmpty()
                    && rowsInUse() + queue.peek().maxRows() <= rows
                    && runners.stream().noneMatch(other -> other.rowsInUse < rowsInUse);
        }

        /** Gives back all rows but so many. */
        private void keep(int kept) {
            if (kept != rowsInUse) {
                lock.lock();
                try {
                    rowsInUse = kept;
                    changed.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        }

        /** @return whether the thread was interrupted while it waited for the end */
        private boolean await() {
            boolean interrupted = false;
            while (thread.isAlive() && Thread.currentThread() != thread) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return interrupted;
        }
    }
}
