package dev.plaudit.deadletters;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A broker's door: takes events over HTTP, and keeps the last one. */
public final class TestBroker implements QuarkusTestResourceLifecycleManager {
    private static volatile int status;
    private static volatile Headers headers;
    private static volatile byte[] body;

    private HttpServer server;

    /** Forgets what came, and answers with a status from now on. */
    static void reset(int answer) {
        status = answer;
        headers = null;
        body = null;
    }

    static byte[] body() {
        return body;
    }

    static String header(String name) {
        return headers.getFirst(name);
    }

    static Set<String> headerNames() {
        return headers.keySet().stream().map(String::toLowerCase).collect(Collectors.toSet());
    }

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            body = exchange.getRequestBody().readAllBytes();
            headers = exchange.getRequestHeaders();
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return Map.of("K_SINK", "http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void stop() {
        server.stop(0);
    }
}
