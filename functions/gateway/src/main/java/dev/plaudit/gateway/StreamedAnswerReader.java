package dev.plaudit.gateway;

import dev.plaudit.events.DraftPiece;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.function.DraftListener;
import dev.plaudit.function.StreamedAnswer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads a {@link StreamedAnswer}. Its lines are taken in on the client's threads, drafts are heard on the one that waits.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation">Server-sent
 *     events, section 9.2.6</a>
 */
final class StreamedAnswerReader implements Flow.Subscriber<String> {
    /** Behind the last line; no line is this very object. */
    private static final String END = new String("end");

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final DraftListener drafts;
    private final StringBuilder data = new StringBuilder();
    private String name = "";
    private String answer = "";
    private boolean heard;

    StreamedAnswerReader(DraftListener drafts) {
        this.drafts = drafts;
    }

    /**
     * Lets drafts be heard until an exchange has come to its end, well or not.
     *
     * @throws TimeoutException when it has not within that time
     * @throws dev.plaudit.events.InvalidFieldException when a piece is none
     */
    void hear(CompletableFuture<?> exchange, Duration patience) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + patience.toNanos();
        exchange.whenComplete((response, failure) -> lines.add(END));
        for (String line = next(end); line != END; line = next(end)) {
            read(line);
        }
    }

    private String next(long end) throws InterruptedException, TimeoutException {
        String line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (line == null) {
            throw new TimeoutException();
        }
        return line;
    }

    private void read(String line) {
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + (line.startsWith(" ", colon + 1) ? 2 : 1));
        switch (field) {
            case "event" -> name = value;
            case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
            default -> {}
        }
        if (line.isEmpty()) {
            dispatch();
            name = "";
            data.setLength(0);
        }
    }

    private void dispatch() {
        switch (name) {
            case StreamedAnswer.TOKEN -> {
                heard = true;
                DraftPiece piece = SimulationJson.read(data.toString(), DraftPiece.class);
                drafts.wrote(piece.draft(), piece.text());
            }
            case StreamedAnswer.ANSWER -> answer = data.toString();
            default -> {}
        }
    }

    /** Whether a piece of a draft came. */
    boolean heard() {
        return heard;
    }

    /** The event that ended the stream, in the JSON event format; empty where none did. */
    String answer() {
        return answer;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
        lines.add(line);
    }

    @Override
    public void onError(Throwable failure) {
        // Told by the exchange.
    }

    @Override
    public void onComplete() {
        // Told by the exchange.
    }
}
