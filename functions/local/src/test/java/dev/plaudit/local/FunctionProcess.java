package dev.plaudit.local;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A packaged function in a process of its own, as a container runs it. */
final class FunctionProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path ROOT = Path.of(System.getProperty("plaudit.root"));

    private final String function;
    private final URI address;
    private final Path log;
    private final Process process;

    private FunctionProcess(String function, URI address, Path log, Process process) {
        this.function = function;
        this.address = address;
        this.log = log;
        this.process = process;
    }

    /** A port that nobody listens on. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /**
     * Starts a function; it may not be ready yet.
     *
     * @param settings system properties, as in {@code plaudit.classify.max-batch=8}
     */
    static FunctionProcess start(String function, int port, Path logs, String... settings) throws IOException {
        return start(function, List.of(), port, logs, settings);
    }

    /** Starts {@code plaudit serve}: all functions in one process; otherwise as {@link #start}. */
    static FunctionProcess serve(int port, Path logs, String... settings) throws IOException {
        return start("local", List.of("serve", "--port", Integer.toString(port)), port, logs, settings);
    }

    private static FunctionProcess start(
            String function, List<String> arguments, int port, Path logs, String... settings) throws IOException {
        Path jar = ROOT.resolve("functions/" + function + "/target/quarkus-app/quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar + " is missing: run the whole build with ./plaudit test");
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dplaudit.home=" + ROOT,
                "-Dplaudit.gateway.jobs.file=" + logs.resolve("jobs"),
                "-Dplaudit.native=" + System.getProperty("plaudit.native"),
                "-Dai.djl.offline=true",
                "-DOPT_OUT_TRACKING=true",
                "-DDJL_CACHE_DIR=" + System.getProperty("DJL_CACHE_DIR"),
                "-DENGINE_CACHE_DIR=" + System.getProperty("ENGINE_CACHE_DIR")));
        Arrays.stream(settings).map(setting -> "-D" + setting).forEach(command::add);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(arguments);
        Path log = Files.createTempFile(logs, function + "-", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new FunctionProcess(function, URI.create("http://127.0.0.1:" + port), log, process);
    }

    URI address() {
        return address;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it wrote so far. */
    String log() throws IOException {
        return Files.readString(log);
    }

    /** Waits until it says that it is ready. */
    FunctionProcess awaitReady(HttpClient client) throws IOException, InterruptedException {
        HttpRequest ready = HttpRequest.newBuilder(address.resolve("/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        Instant end = Instant.now().plus(PATIENCE);
        while (process.isAlive() && Instant.now().isBefore(end)) {
            try {
                if (client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return this;
                }
            } catch (IOException e) {
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
        throw new IllegalStateException(function + " did not get ready: " + log());
    }

    /** Waits until it ended by itself. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(function + " did not end");
        }
        return process.exitValue();
    }

    /** Asks it to end by SIGTERM, as Kubernetes does. */
    void askToEnd() {
        process.destroy();
    }

    /** Asks it to end, and waits. */
    Duration terminate() throws InterruptedException {
        Instant start = Instant.now();
        askToEnd();
        awaitEnd();
        return Duration.between(start, Instant.now());
    }

    /** Ends it at once, as a crash would. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitEnd();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
