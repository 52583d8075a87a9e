package dev.plaudit.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cloudevents.CloudEvent;
import io.cloudevents.rw.CloudEventRWException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executors;

/**
 * What the cluster answers by HTTP itself: {@code /broker} takes events, as a Knative broker does, and
 * {@code /functions/NAME} is a function wherever its process is, and whether it has one or not.
 */
final class Door implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    /** Of one connection, so not handed on (RFC 9110, section 7.6.1); and what the client sets itself. */
    private static final Set<String> NOT_HANDED_ON =
            Set.of("connection", "upgrade", "transfer-encoding", "content-length", "host", "expect", "http2-settings");

    /** Lengths that the server takes for something else. */
    private static final int CHUNKED = 0;

    private static final int NO_BODY = -1;

    private final HttpServer server;

    Door(BrokerTopic topic, Collection<Service> services) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/broker", exchange -> answer(exchange, () -> take(exchange, topic)));
        services.forEach(service -> server.createContext(
                "/functions/" + service.function(), exchange -> answer(exchange, () -> handOn(exchange, service))));
        server.start();
    }

    URI broker() {
        return address("broker");
    }

    URI function(String name) {
        return address("functions/" + name);
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + path);
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void answer(HttpExchange exchange, Work work) throws IOException {
        try (exchange) {
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void take(HttpExchange exchange, BrokerTopic topic) throws IOException, InterruptedException {
        CloudEvent event;
        try {
            event = HttpEvents.read(
                    exchange.getRequestHeaders(), exchange.getRequestBody().readAllBytes());
        } catch (CloudEventRWException e) {
            send(exchange, 400, e.getMessage().getBytes(StandardCharsets.UTF_8));
            return;
        }
        topic.write(event);
        send(exchange, 202, new byte[0]);
    }

    private static void handOn(HttpExchange exchange, Service service) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder()
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        exchange.getRequestBody().readAllBytes()));
        eachHandedOn(exchange.getRequestHeaders(), request::header);
        try {
            service.call(request, TIMEOUT, answer -> handBack(answer, exchange));
        } catch (IOException e) {
            if (exchange.getResponseCode() < 0) {
                exchange.getResponseHeaders().add("Retry-After", "1");
                send(exchange, 503, String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /** Hands the answer to the caller as it comes, so that a stream stays one. */
    private static HttpResponse.BodySubscriber<Void> handBack(HttpResponse.ResponseInfo answer, HttpExchange exchange) {
        eachHandedOn(answer.headers().map(), exchange.getResponseHeaders()::add);
        OptionalLong length = answer.headers().firstValueAsLong("Content-Length");
        try {
            exchange.sendResponseHeaders(answer.statusCode(), length.isPresent() ? known(length.getAsLong()) : CHUNKED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return HttpResponse.BodySubscribers.ofByteArrayConsumer(part -> part.ifPresent(bytes -> {
            try {
                exchange.getResponseBody().write(bytes);
                exchange.getResponseBody().flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
    }

    /** How the server is told of a length. */
    private static long known(long length) {
        return length == 0 ? NO_BODY : length;
    }

    private static void eachHandedOn(
            Map<String, List<String>> headers, java.util.function.BiConsumer<String, String> to) {
        headers.forEach((name, values) -> {
            if (!NOT_HANDED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> to.accept(name, value));
            }
        });
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, known(body.length));
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
