import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Starts servers, each in turn and as often as asked, and measures how long each takes from the start of its process to
 * its first answered event; what CPU that cost; its memory after a hundred events; and, for the last start, the share of
 * a warm call over HTTP that is not the step's own work. Beside it stands what the same calls cost at a server that has no
 * work, at the same pace: client, kernel and a machine that falls asleep between two calls.
 *
 * <p>Arguments: RUNS, HOPS, then for each server: name, folder, event file, command with {@code PORT} for the port, all
 * in one argument split at spaces. With the system property {@code cold} no file is in the kernel's cache at a start. Or
 * {@code idle PORT}: is the server that has no work.
 */
final class ColdStart {
    private static final int EVENTS = 100;
    private static final int MOST_IDLE_CALLS = 300;
    private static final Pattern MILLIS = Pattern.compile("\"millis\" ?: ?([0-9.]+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private record Event(List<String> headers, String document) {
        static Event read(Path file) throws IOException {
            String[] parts = Files.readString(file).split("\n\n", 2);
            return new Event(parts[0].lines().toList(), parts[1].strip());
        }

        byte[] request() {
            return ("POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: "
                            + document.getBytes(StandardCharsets.UTF_8).length + "\r\n"
                            + String.join("\r\n", headers) + "\r\n\r\n" + document)
                    .getBytes(StandardCharsets.UTF_8);
        }

        HttpRequest request(int port) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port))
                    .POST(HttpRequest.BodyPublishers.ofString(document));
            headers.stream().map(header -> header.split(": ", 2)).forEach(h -> request.header(h[0], h[1]));
            return request.build();
        }
    }

    private record Server(String name, Path folder, Event event, List<String> command, List<Start> starts) {
        Server(String name, String folder, String event, String command) throws IOException {
            this(name, Path.of(folder), Event.read(Path.of(event)), List.of(command.split(" ")), new ArrayList<>());
        }
    }

    /** One start: milliseconds to the first answer, CPU milliseconds until then, MB after a hundred events. */
    private record Start(double millis, double cpu, double memory) {}

    /** Sorted milliseconds of warm calls beyond the work: of the server, and of one that has no work. */
    private record Hops(double[] overhead, double[] idle) {}

    public static void main(String[] args) throws Exception {
        if (args[0].equals("idle")) {
            serveNothing(Integer.parseInt(args[1]));
            return;
        }
        int runs = Integer.parseInt(args[0]);
        int hops = Integer.parseInt(args[1]);
        List<Server> servers = new ArrayList<>();
        for (int i = 2; i < args.length; i += 4) {
            servers.add(new Server(args[i], args[i + 1], args[i + 2], args[i + 3]));
        }
        List<Hops> all = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            for (Server server : servers) {
                all.add(start(server, run == runs - 1 ? hops : 0));
            }
        }
        System.out.println("| server | first answer: median (least to most) ms | CPU ms | RSS MB | hop p50 / p99 ms"
                + " | the same without work |");
        System.out.println("|---|---|---|---|---|---|");
        for (int i = 0; i < servers.size(); i++) {
            Server server = servers.get(i);
            double[] millis = server.starts.stream().mapToDouble(Start::millis).sorted().toArray();
            Hops last = all.get(all.size() - servers.size() + i);
            System.out.printf(
                    "| %s | %.0f (%.0f to %.0f) | %.0f | %.0f | %.1f / %.1f | %.1f / %.1f |%n",
                    server.name,
                    quantile(millis, 0.5),
                    millis[0],
                    millis[millis.length - 1],
                    quantile(server.starts.stream().mapToDouble(Start::cpu).sorted().toArray(), 0.5),
                    quantile(server.starts.stream().mapToDouble(Start::memory).sorted().toArray(), 0.5),
                    quantile(last.overhead, 0.5),
                    quantile(last.overhead, 0.99),
                    quantile(last.idle, 0.5),
                    quantile(last.idle, 0.99));
        }
    }

    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, share * sorted.length)];
    }

    /** Starts a server once. */
    private static Hops start(Server server, int hops) throws Exception {
        int port = freePort();
        List<String> command = server.command.stream()
                .map(part -> part.replace("PORT", Integer.toString(port)))
                .toList();
        Path log = Files.createTempFile("cold-start", ".log");
        if (Boolean.getBoolean("cold")) {
            forgetFiles();
        }
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .directory(server.folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            while (!answers(port, server.event)) {
                if (!process.isAlive() || System.nanoTime() - begin > PATIENCE.toNanos()) {
                    throw new IllegalStateException(server.name + " did not answer:\n" + Files.readString(log));
                }
                LockSupport.parkNanos(2_000_000);
            }
            double millis = (System.nanoTime() - begin) / 1e6;
            double cpu = process.info().totalCpuDuration().orElseThrow().toMillis();
            try (HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()) {
                HttpRequest request = server.event.request(port);
                for (int i = 1; i < EVENTS; i++) {
                    overhead(client, request, server);
                }
                server.starts.add(new Start(millis, cpu, memory(process)));
                double[] overheads = new double[hops];
                long before = System.nanoTime();
                for (int i = 0; i < hops; i++) {
                    overheads[i] = overhead(client, request, server);
                }
                double each = (System.nanoTime() - before) / 1e6 / Math.max(1, hops);
                Arrays.sort(overheads);
                return new Hops(overheads, idle(client, server, hops, each - quantile(overheads, 0.5)));
            }
        } finally {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.delete(log);
        }
    }

    /** Empties the kernel's cache of files; takes root. */
    private static void forgetFiles() throws Exception {
        new ProcessBuilder("sync").start().waitFor();
        Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3");
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** The sorted milliseconds of calls of a server without work, {@code pause} milliseconds apart. */
    private static double[] idle(HttpClient client, Server server, int hops, double pause) throws Exception {
        if (hops == 0) {
            return new double[0];
        }
        double[] millis = new double[Math.min(hops, MOST_IDLE_CALLS)];
        int port = freePort();
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        Path.of("bench/cold-start/ColdStart.java").toString(),
                        "idle",
                        Integer.toString(port))
                .inheritIO()
                .start();
        try {
            long begin = System.nanoTime();
            while (!answers(port, server.event)) {
                if (!process.isAlive() || System.nanoTime() - begin > PATIENCE.toNanos()) {
                    throw new IllegalStateException("the server without work did not answer");
                }
                LockSupport.parkNanos(2_000_000);
            }
            HttpRequest request = server.event.request(port);
            for (int i = -EVENTS; i < millis.length; i++) {
                Thread.sleep(Duration.ofNanos(i < 0 ? 0 : (long) (pause * 1e6)));
                long start = System.nanoTime();
                client.send(request, HttpResponse.BodyHandlers.ofString());
                millis[Math.max(i, 0)] = (System.nanoTime() - start) / 1e6;
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        Arrays.sort(millis);
        return millis;
    }

    private static void serveNothing(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    /** Whether the server takes the connection and answers the event with success. */
    private static boolean answers(int port, Event event) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write(event.request());
            out.flush();
            byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
            return new String(status, StandardCharsets.US_ASCII).endsWith(" 200");
        } catch (IOException e) {
            return false;
        }
    }

    /** The milliseconds of one call beyond those that the answer says the step worked. */
    private static double overhead(HttpClient client, HttpRequest request, Server server) throws Exception {
        long start = System.nanoTime();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        double millis = (System.nanoTime() - start) / 1e6;
        Matcher work = MILLIS.matcher(response.body());
        if (response.statusCode() != 200 || !work.find() || response.body().contains("\"problem\"")) {
            throw new IllegalStateException(server.name + " answered with " + response.statusCode() + " " + response.body());
        }
        return millis - Double.parseDouble(work.group(1));
    }

    private static double memory(Process process) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }
}
