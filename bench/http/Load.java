import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends posts to a scoring endpoint and prints how long the answers took, from one caller and from eight at once. */
final class Load {
    private static final Duration START = Duration.ofMinutes(1);
    private static final int WARM_UP = 1500;
    private static final int CALLERS = 8;
    private static final String[] TEXTS = {
        "Warm sourdough from six o'clock. First ten get a coffee with it!",
        "We open at six.",
        "Our new timetable starts on Sunday: more trains in the morning, the last one home at half past midnight, and"
                + " free rides for everyone under sixteen all summer long. See <hyperlink> for all the details #summer",
        "Thank you <mention> for a great evening 🎉",
    };

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI endpoint;

    private Load(URI endpoint) {
        this.endpoint = endpoint;
    }

    public static void main(String[] args) throws Exception {
        if (args[0].equals("free-port")) {
            try (ServerSocket socket = new ServerSocket(0)) {
                System.out.println(socket.getLocalPort());
            }
            return;
        }
        Load load = new Load(URI.create(args[0]));
        int requests = Integer.parseInt(args[1]);
        load.awaitStart();
        load.run(WARM_UP, CALLERS);
        load.run(WARM_UP, 1);
        System.out.printf("%-20s %8s %8s %8s %8s %10s%n", "", "p50 ms", "p90 ms", "p99 ms", "max ms", "posts/s");
        load.report("one at a time", requests, 1);
        load.report(CALLERS + " at once", requests, CALLERS);
        load.client.close();
    }

    private void awaitStart() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                score(0);
                return;
            } catch (ConnectException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    private void report(String name, int requests, int callers) throws Exception {
        long start = System.nanoTime();
        double[] millis = run(requests, callers);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%-20s %8.2f %8.2f %8.2f %8.2f %10.0f%n",
                name,
                percentile(millis, 0.5),
                percentile(millis, 0.9),
                percentile(millis, 0.99),
                millis[millis.length - 1],
                requests / seconds);
    }

    /** The latencies in ms, ascending. */
    private double[] run(int requests, int callers) throws Exception {
        double[] millis = new double[requests];
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService executor = Executors.newFixedThreadPool(callers)) {
            for (var call : executor.invokeAll(java.util.Collections.nCopies(callers, () -> {
                for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
                    millis[i] = score(i);
                }
                return null;
            }))) {
                call.get();
            }
        }
        Arrays.sort(millis);
        return millis;
    }

    private double score(int i) throws IOException, InterruptedException {
        String body = """
                {"company": "company %d", "username": "account%d", "date": "2026-03-%02dT%02d:30", "content": "%s",
                 "media": [{"kind": "photo", "caption": "a loaf of bread on a wooden table"}],
                 "account": {"followers": %d, "typicalLikes": %d, "history": [%d, 80, 310, 45, 120, 96, 150, 77]}}"""
                .formatted(i % 200, i % 200, 1 + i % 28, i % 24, TEXTS[i % TEXTS.length], 1000 + i, i % 500, i % 700);
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        long start = System.nanoTime();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        double millis = (System.nanoTime() - start) / 1e6;
        if (answer.statusCode() != 200) {
            throw new IOException("answered " + answer.statusCode() + ": " + answer.body());
        }
        return millis;
    }

    /** The nearest rank. */
    private static double percentile(double[] ascending, double share) {
        return ascending[(int) Math.ceil(share * ascending.length) - 1];
    }
}
