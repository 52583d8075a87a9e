package dev.plaudit.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.plaudit.events.EventType;
import dev.plaudit.events.Extensions;
import dev.plaudit.events.Options;
import dev.plaudit.events.Prompt;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a function of its own starts, fills up, tells of itself and ends, as Knative sees it. */
class FunctionLifecycleIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT_ID = "b7ad6b7169203331";
    private static final String DOCUMENT =
            SimulationJson.write(Simulation.behavior(Posts.of(1).getFirst(), Options.DEFAULT)
                    .withPrompt(new Prompt("Text: Warm sourdough from six!", List.of())));

    @TempDir
    static Path logs;

    @AfterAll
    static void close() {
        CLIENT.close();
    }

    private static FunctionProcess start(String function, String... settings) throws Exception {
        return FunctionProcess.start(function, FunctionProcess.freePort(), logs, settings)
                .awaitReady(CLIENT);
    }

    private static HttpResponse<String> send(FunctionProcess function, String type) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(function.address().resolve("/"))
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(DOCUMENT));
        headers(type).lines().map(line -> line.split(": ", 2)).forEach(line -> request.header(line[0], line[1]));
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(FunctionProcess function, String path) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(function.address().resolve(path))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Quarkus sets up its meters some milliseconds after it opens the port: a scraper comes again. */
    private static void awaitMetric(FunctionProcess function, String pattern) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        String metrics;
        do {
            metrics = get(function, "/q/metrics").body();
        } while (!Pattern.compile(pattern).matcher(metrics).find() && System.nanoTime() < end);
        assertThat(metrics).containsPattern(pattern);
    }

    private static String headers(String type) {
        return """
                Content-Type: application/json
                ce-specversion: 1.0
                ce-id: e1
                ce-source: /test
                ce-subject: s1
                ce-task: behavior
                ce-media: none
                ce-traceparent: 00-%s-%s-01
                ce-type: %s""".formatted(TRACE_ID, PARENT_ID, type);
    }

    /** A caller that has sent all of an event but its last byte. */
    private record HalfSent(Socket socket) implements AutoCloseable {
        static HalfSent to(FunctionProcess function, String type) throws IOException {
            URI address = function.address();
            Socket socket = new Socket(address.getHost(), address.getPort());
            socket.setSoTimeout(30_000);
            byte[] body = DOCUMENT.getBytes(StandardCharsets.UTF_8);
            String head = "POST / HTTP/1.1\nHost: test\nConnection: close\nContent-Length: %d\n%s\n\n"
                    .formatted(body.length, headers(type))
                    .replace("\n", "\r\n");
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(body, 0, body.length - 1);
            socket.getOutputStream().flush();
            return new HalfSent(socket);
        }

        /** Sends the last byte and reads the answer. */
        String finish() throws IOException {
            byte[] body = DOCUMENT.getBytes(StandardCharsets.UTF_8);
            socket.getOutputStream().write(body, body.length - 1, 1);
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-in-flight", "max-in-flight-bytes"})
    void anEventOverTheCapacityIsRefusedAtOnceAndTheNextOneIsNot(String capacity) throws Exception {
        try (FunctionProcess prompt = start("prompt", "plaudit.function." + capacity + "=1")) {
            try (HalfSent first = HalfSent.to(prompt, EventType.SUBMITTED)) {
                while (!get(prompt, "/q/metrics").body().contains("plaudit_in_flight 1.0")) {
                    Thread.onSpinWait();
                }

                HttpResponse<String> second = send(prompt, EventType.SUBMITTED);

                assertThat(second.statusCode()).isEqualTo(503);
                assertThat(second.headers().firstValue("Retry-After")).hasValue("1");
                assertThat(second.headers().firstValue("Content-Type")).hasValue("application/problem+json");
                assertThat(first.finish()).startsWith("HTTP/1.1 200").contains("ce-type: " + EventType.PROMPTED);
            }
            assertThat(send(prompt, EventType.SUBMITTED).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aCallerThatHangsUpGivesItsPlaceBack() throws Exception {
        try (FunctionProcess prompt = start("prompt", "plaudit.function.max-in-flight=1")) {
            try (HalfSent gone = HalfSent.to(prompt, EventType.SUBMITTED)) {
                while (!get(prompt, "/q/metrics").body().contains("plaudit_in_flight 1.0")) {
                    Thread.onSpinWait();
                }
            }
            while (!get(prompt, "/q/metrics").body().contains("plaudit_in_flight 0.0")) {
                Thread.onSpinWait();
            }

            assertThat(send(prompt, EventType.SUBMITTED).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void workInHandIsFinishedWhenTheFunctionIsAskedToEnd() throws Exception {
        try (FunctionProcess classify = start("classify")) {
            try (HalfSent inHand = HalfSent.to(classify, EventType.PROMPTED)) {
                while (!get(classify, "/q/metrics").body().contains("plaudit_in_flight 1.0")) {
                    Thread.onSpinWait();
                }
                classify.askToEnd();
                while (!classify.log().contains("Waiting for HTTP requests to complete")) {
                    Thread.onSpinWait();
                }

                assertThat(inHand.finish()).startsWith("HTTP/1.1 200").contains("ce-type: " + EventType.CLASSIFIED);
            }
            classify.awaitEnd();
        }
    }

    @Test
    void callersWhoHangUpOnAStreamDoNotHoldUpTheEnd() throws Exception {
        String request = """
                {"post": {"company": "Oven & Co", "username": "ovenandco",
                          "media": [{"kind": "photo", "caption": "a loaf of bread"}]},
                 "writing": {"drafts": 16}}""";
        try (FunctionProcess server =
                FunctionProcess.serve(FunctionProcess.freePort(), logs).awaitReady(CLIENT)) {
            hangUpOnStreams(server, "/v1/generate", "Content-Type: application/json", request);
            assertThat(server.terminate()).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void neitherDoThoseWhoHangUpOnAFunctionsStream() throws Exception {
        String document = """
                {"task": "content", "post": {"company": "Oven & Co"}, "prompt": {"text": "Write a post:", "parts": []},
                 "options": {"writing": {"drafts": 16}}}""";
        try (FunctionProcess generate = start("generate")) {
            hangUpOnStreams(
                    generate, "/", headers(EventType.PROMPTED).replace("behavior", Extensions.CONTENT), document);
            awaitMetric(generate, "plaudit_in_flight 0.0");
            awaitMetric(generate, "plaudit_generate_rows 0.0");
            assertThat(generate.terminate()).isLessThan(Duration.ofSeconds(10));
        }
    }

    /** Twenty callers who hear the beginning of a stream, and go away as a process does that is killed. */
    private static void hangUpOnStreams(FunctionProcess function, String path, String headers, String body)
            throws IOException {
        byte[] request = body.getBytes(StandardCharsets.UTF_8);
        String head = "POST %s HTTP/1.1\nHost: plaudit\nAccept: text/event-stream\nContent-Length: %d\n%s\n\n"
                .formatted(path, request.length, headers)
                .replace("\n", "\r\n");
        for (int caller = 0; caller < 20; caller++) {
            try (Socket socket =
                    new Socket(function.address().getHost(), function.address().getPort())) {
                // What is on its way then cannot be delivered.
                socket.setSoLinger(true, 0);
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(request);
                String beginning = new String(socket.getInputStream().readNBytes(1000), StandardCharsets.UTF_8);
                assertThat(beginning).startsWith("HTTP/1.1 200").contains("token");
            }
        }
    }

    @Test
    void aFunctionIsReadyWithItsModelAndTellsWhatItDoes() throws Exception {
        try (FunctionProcess classify = start("classify")) {
            awaitMetric(classify, "plaudit_model_load_seconds\\{device=\"cpu\",step=\"classify\"} [\\d.]*[1-9]");

            assertThat(send(classify, EventType.PROMPTED).statusCode()).isEqualTo(200);

            assertThat(get(classify, "/q/metrics").body())
                    .contains("plaudit_step_seconds_count{device=\"cpu\",outcome=\"ok\",step=\"classify\"} 1.0")
                    .contains("plaudit_batch_size_sum{step=\"classify\"} 1.0")
                    .contains("plaudit_queue{step=\"classify\"} 0.0")
                    .contains("plaudit_in_flight 0.0");
            for (String probe : List.of("started", "ready", "live")) {
                assertThat(get(classify, "/q/health/" + probe).statusCode())
                        .as(probe)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void theTraceOfAnEventGoesOnUnderTheStepsOwnSpan() throws Exception {
        BlockingQueue<byte[]> exported = new LinkedBlockingQueue<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            exported.add(exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try (FunctionProcess prompt = start(
                "prompt",
                "quarkus.otel.sdk.disabled=false",
                "quarkus.otel.exporter.otlp.compression=none",
                "quarkus.otel.exporter.otlp.protocol=http/protobuf",
                "quarkus.otel.exporter.otlp.endpoint=http://127.0.0.1:"
                        + collector.getAddress().getPort())) {
            String continued = send(prompt, EventType.SUBMITTED)
                    .headers()
                    .firstValue("ce-traceparent")
                    .orElseThrow();

            assertThat(continued).startsWith("00-" + TRACE_ID + "-").doesNotContain(PARENT_ID);
            String span = continued.split("-")[2];
            byte[] spans = awaitSpan(exported, span);
            assertThat(contains(spans, TRACE_ID)).isTrue();
            assertThat(contains(spans, PARENT_ID)).isTrue();
        } finally {
            collector.stop(0);
        }
    }

    private static byte[] awaitSpan(BlockingQueue<byte[]> exported, String span) throws InterruptedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (!contains(all.toByteArray(), span)) {
            byte[] next = exported.poll(30, TimeUnit.SECONDS);
            assertThat(next).as("spans that the collector got").isNotNull();
            all.writeBytes(next);
        }
        return all.toByteArray();
    }

    /** Whether protobuf's bytes hold an id. */
    private static boolean contains(byte[] bytes, String id) {
        return HexFormat.of().formatHex(bytes).contains(id);
    }
}
