package dev.plaudit.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.plaudit.events.EventType;
import dev.plaudit.events.Step;
import dev.plaudit.function.StreamedAnswer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** Functions behind real HTTP, with the trouble that a test asks for before they answer. */
public final class TroubledFunctions implements QuarkusTestResourceLifecycleManager {
    private static final Map<Step, String> ANSWERS = Map.of(
            Step.PROMPT, EventType.PROMPTED,
            Step.CLASSIFY, EventType.CLASSIFIED,
            Step.REGRESS, EventType.SCORED,
            Step.GENERATE, EventType.GENERATED);

    /** What a function does instead of its work. */
    interface Trouble {
        void handle(HttpExchange exchange) throws IOException;

        /** Never answers. */
        Trouble HANGS = exchange -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        /** Hangs up without an answer. */
        Trouble HANGS_UP = HttpExchange::close;
        /** Hangs up in the middle of its answer. */
        Trouble BREAKS_OFF = exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            exchange.close();
        };

        /** Begins with this part of a stream and leaves it at that; then does the rest. */
        static Trouble tells(String part, Trouble rest) {
            return exchange -> {
                exchange.getResponseHeaders().add("Content-Type", StreamedAnswer.MEDIA_TYPE);
                exchange.sendResponseHeaders(200, 100_000);
                exchange.getResponseBody().write(part.getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                rest.handle(exchange);
            };
        }

        static Trouble answers(int status, String body, String... headers) {
            return exchange -> {
                for (int i = 0; i < headers.length; i += 2) {
                    exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
                }
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            };
        }
    }

    private static final Map<Step, Queue<Trouble>> TROUBLES = new EnumMap<>(Step.class);
    private static final Map<Step, List<Map<String, List<String>>>> CALLS = new EnumMap<>(Step.class);
    private HttpServer server;

    /** From now on the calls of a step count from zero, and the first ones of them meet this trouble. */
    static void next(Step step, Trouble... troubles) {
        CALLS.get(step).clear();
        TROUBLES.put(step, new ConcurrentLinkedQueue<>(Arrays.asList(troubles)));
    }

    /** The headers of the calls that a step got, tries again included. */
    static List<Map<String, List<String>>> calls(Step step) {
        return CALLS.get(step);
    }

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        ANSWERS.keySet().forEach(step -> {
            CALLS.put(step, new CopyOnWriteArrayList<>());
            TROUBLES.put(step, new ArrayDeque<>());
            server.createContext("/" + step.function(), exchange -> answer(step, exchange));
        });
        server.start();
        String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        return Map.of(
                "plaudit.gateway.functions.prompt",
                address + "prompt",
                "plaudit.gateway.functions.classify",
                address + "classify",
                "plaudit.gateway.functions.regress",
                address + "regress",
                "plaudit.gateway.functions.generate",
                address + "generate",
                "plaudit.gateway.step-timeout",
                "500ms",
                "plaudit.gateway.timeout",
                "20s",
                "plaudit.gateway.retries",
                "2",
                "plaudit.gateway.circuit-delay",
                "2s");
    }

    private static void answer(Step step, HttpExchange exchange) throws IOException {
        byte[] document = exchange.getRequestBody().readAllBytes();
        CALLS.get(step).add(exchange.getRequestHeaders());
        Trouble trouble = TROUBLES.get(step).poll();
        if (trouble != null) {
            trouble.handle(exchange);
            return;
        }
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (name.toLowerCase().startsWith("ce-")) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        exchange.getResponseHeaders().set("ce-type", ANSWERS.get(step));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, document.length);
        exchange.getResponseBody().write(document);
        exchange.close();
    }

    @Override
    public void stop() {
        server.stop(0);
    }
}
