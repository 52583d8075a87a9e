package dev.plaudit.local;

import dev.plaudit.events.Post;
import dev.plaudit.events.Simulation;
import dev.plaudit.tables.PostTable;
import dev.plaudit.tables.Row;
import dev.plaudit.tables.ScoreTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import me.tongfei.progressbar.ProgressBar;

/**
 * Scores a table row by row: a window of rows is under way at a time, they are written in order, and memory does not grow
 * with the table. Can be stopped between two rows; what is written then is whole.
 */
final class BatchRun {
    private static final int WINDOW = 256;
    private static final int ROWS_BETWEEN_FLUSHES = 1000;
    private static final int LISTED_FAILURES = 20;

    private record Pending(Row row, Future<Simulation> simulation) {}

    /**
     * How it went.
     *
     * @param scored rows with a prediction, written by this run
     * @param failed rows without
     * @param resumed rows that an earlier run had written
     * @param stopped whether it was stopped before the end
     */
    record Summary(long scored, long failed, long resumed, boolean stopped) {
        String describe(Path out) {
            return "%,d posts scored, %,d rows without prediction%s: %s"
                    .formatted(scored, failed, resumed == 0 ? "" : ", %,d rows from before".formatted(resumed), out);
        }
    }

    private final Function<Post, Simulation> scorer;
    private final PrintWriter err;
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean stopped;
    private long scored;
    private long failed;

    /** @param err where rows that cannot be read are listed */
    BatchRun(Function<Post, Simulation> scorer, PrintWriter err) {
        this.scorer = scorer;
        this.err = err;
    }

    /** Ends the run after the row in hand, and returns when what was done is written. */
    void stop() {
        stopped = true;
        try {
            finished.await();
            err.println("stopped after %,d rows; go on with --resume".formatted(scored + failed));
            err.flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Summary score(PostTable table, ScoreTable scores, String name) throws IOException {
        Deque<Pending> window = new ArrayDeque<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                ProgressBar bar = Bars.counting(name, " posts")) {
            bar.stepTo(scores.resumedRows());
            Iterator<Row> rows = table.iterator();
            for (long i = 0; i < scores.resumedRows() && rows.hasNext(); i++) {
                rows.next();
            }
            while (!stopped && (rows.hasNext() || !window.isEmpty())) {
                while (rows.hasNext() && window.size() < WINDOW) {
                    window.add(pending(rows.next(), executor));
                }
                write(window.poll(), scores);
                bar.step();
            }
            window.forEach(pending -> pending.simulation().cancel(true));
            scores.close();
            return new Summary(scored, failed, scores.resumedRows(), stopped);
        } finally {
            finished.countDown();
        }
    }

    private Pending pending(Row row, ExecutorService executor) {
        return new Pending(
                row,
                switch (row) {
                    case Row.Readable readable -> executor.submit(() -> scorer.apply(readable.post()));
                    case Row.Unreadable unreadable ->
                        CompletableFuture.failedFuture(new IllegalArgumentException(unreadable.problem()));
                });
    }

    private void write(Pending pending, ScoreTable scores) throws IOException {
        try {
            Simulation simulation = pending.simulation().get();
            if (simulation.problem() == null) {
                scores.scored(pending.row(), simulation.engagement(), simulation.sights());
                scored++;
            } else {
                fail(pending.row(), simulation.problem().detail(), scores);
            }
        } catch (ExecutionException e) {
            fail(pending.row(), e.getCause().getMessage(), scores);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
        if ((scored + failed) % ROWS_BETWEEN_FLUSHES == 0) {
            scores.flush();
        }
    }

    private void fail(Row row, String reason, ScoreTable scores) throws IOException {
        scores.failed(row, reason);
        failed++;
        if (failed <= LISTED_FAILURES) {
            err.println("line " + row.line() + ": " + reason);
        } else if (failed == LISTED_FAILURES + 1) {
            err.println("… more are listed in the output's column error");
        }
        err.flush();
    }
}
