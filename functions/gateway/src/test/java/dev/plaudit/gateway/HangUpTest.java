package dev.plaudit.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A caller who hangs up: the gateway hangs up on the function in turn. */
@QuarkusTest
@QuarkusTestResource(value = HangUpTest.SilentFunction.class, restrictToAnnotatedClass = true)
class HangUpTest {
    private static final int PATIENCE_MILLIS = 60_000;

    /** A function that takes events and never answers. */
    public static final class SilentFunction implements QuarkusTestResourceLifecycleManager {
        private ServerSocket door;

        @Override
        public Map<String, String> start() {
            try {
                door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                return Map.of(
                        "plaudit.gateway.functions.prompt",
                        "http://localhost:" + door.getLocalPort(),
                        "plaudit.gateway.step-timeout",
                        "10m");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void inject(Object test) {
            ((HangUpTest) test).function = door;
        }

        @Override
        public void stop() {
            try {
                door.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private ServerSocket function;

    @TestHTTPResource
    URI gateway;

    @ParameterizedTest
    @CsvSource({
        "/v1/generate, application/json",
        "/v1/generate, text/event-stream",
        "/v1/optimize, application/json",
        "/v1/level, application/json"
    })
    void theFunctionIsLeftWhenTheCallerLeaves(String path, String accept) throws IOException {
        byte[] body = "{\"post\": {\"company\": \"Oven & Co\"}, \"content\": \"Fresh bread\"}"
                .getBytes(StandardCharsets.UTF_8);
        String head = "POST " + path + " HTTP/1.1\r\nHost: plaudit\r\nContent-Type: application/json\r\nAccept: "
                + accept + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        Socket called;
        try (Socket caller = new Socket(gateway.getHost(), gateway.getPort())) {
            caller.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            caller.getOutputStream().write(body);
            called = function.accept();
            called.setSoTimeout(PATIENCE_MILLIS);
            assertThat(called.getInputStream().read()).as("the event begins").isEqualTo('P');
        }
        try (called) {
            assertThatCode(called.getInputStream()::readAllBytes)
                    .as("the gateway hangs up")
                    .doesNotThrowAnyException();
        }
    }
}
