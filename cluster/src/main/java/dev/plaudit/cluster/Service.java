package dev.plaudit.cluster;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A function as a Knative service in little: no process until somebody calls it, one from then on, none again when
 * nobody calls for a while; as many calls at a time as its manifest says, the others wait for their turn. Thread-safe.
 */
final class Service implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    /** What a service did so far. {@code millis} is the median of the last calls' times, 0 before the first. */
    record Status(String function, int replicas, int inFlight, long done, double millis) {}

    private final String function;
    private final Path root;
    private final Path folder;
    private final Map<String, String> environment;
    private final int concurrency;
    private final Semaphore room;
    private final Latencies latencies = new Latencies();
    private final int port;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    /** Seen by those who only look while somebody starts it. */
    private volatile Child child;

    private long lastCall = System.nanoTime();

    /**
     * @param root the repository's root, where the function was built
     * @param folder where its log goes
     * @param port where it listens
     * @param environment settings, as a ConfigMap holds them
     */
    Service(String function, Path root, Path folder, int port, Map<String, String> environment) throws IOException {
        this.function = function;
        this.port = port;
        this.root = root;
        this.folder = folder;
        this.environment = environment;
        this.concurrency = new YAMLMapper()
                .readTree(root.resolve("knative/base/services/" + function + ".yaml")
                        .toFile())
                .at("/spec/template/spec/containerConcurrency")
                .asInt();
        this.room = new Semaphore(concurrency);
    }

    String function() {
        return function;
    }

    /** Where the process is, or will be. */
    URI address() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    /**
     * Calls the function, and starts it before where it has to be.
     *
     * @param body takes the answer in; the call lasts as long as that does
     * @throws IOException when it cannot be reached, or does not answer in time
     */
    <T> HttpResponse<T> call(HttpRequest.Builder request, Duration timeout, HttpResponse.BodyHandler<T> body)
            throws IOException, InterruptedException {
        if (!room.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException(function + " has no room");
        }
        try {
            awaitReady();
            long start = System.nanoTime();
            HttpResponse<T> answer =
                    client.send(request.uri(address()).timeout(timeout).build(), body);
            if (answer.statusCode() / 100 == 2) {
                latencies.add(System.nanoTime() - start);
            }
            return answer;
        } finally {
            room.release();
        }
    }

    /** Starts the process unless it is there, and waits until it is ready. */
    synchronized void awaitReady() throws IOException, InterruptedException {
        lastCall = System.nanoTime();
        if (child != null && child.isAlive()) {
            return;
        }
        child = Child.start(function, folder, environment, arguments());
        HttpRequest ready = HttpRequest.newBuilder(address().resolve("/q/health/ready"))
                .timeout(START)
                .build();
        while (child.isAlive() && System.nanoTime() - lastCall < START.toNanos()) {
            try {
                if (client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // It does not listen yet.
            }
            Thread.sleep(20);
        }
        throw child.isAlive() ? new IOException(function + " does not get ready") : new IOException(child.ended());
    }

    private List<String> arguments() {
        Path app = root.resolve("functions/" + function + "/target/quarkus-app");
        Path cache = app.resolve("plaudit.aot");
        List<String> arguments = new ArrayList<>(List.of(
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djdk.reflect.useNativeAccessorOnly=true",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dplaudit.home=" + root,
                "-Dplaudit.native=" + root.resolve("target/native"),
                "-Dai.djl.offline=true",
                "-DOPT_OUT_TRACKING=true",
                "-DDJL_CACHE_DIR=" + root.resolve("target/djl"),
                "-DENGINE_CACHE_DIR=" + root.resolve("target/djl")));
        if (Files.exists(cache)) {
            arguments.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off"));
        }
        arguments.addAll(List.of("-jar", app.resolve("quarkus-run.jar").toString()));
        return arguments;
    }

    /** Ends the process when nobody called for so long. */
    synchronized void scaleDown(Duration idle) {
        if (child != null && room.availablePermits() == concurrency && System.nanoTime() - lastCall > idle.toNanos()) {
            close();
        }
    }

    /** Ends the process at once, as a crash would; false when there is none. */
    synchronized boolean kill() throws InterruptedException {
        if (child == null || !child.isAlive()) {
            return false;
        }
        child.kill();
        return true;
    }

    Status status() {
        Child process = child;
        return new Status(
                function,
                process != null && process.isAlive() ? 1 : 0,
                concurrency - room.availablePermits(),
                latencies.count(),
                latencies.median());
    }

    @Override
    public synchronized void close() {
        if (child != null) {
            child.close();
            child = null;
        }
    }
}
