package dev.plaudit.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Calls to a real receiver. */
@QuarkusTest
class WebhookCallerTest {
    @Inject
    WebhookCaller caller;

    @Inject
    WebhooksConfig config;

    @Test
    void aReceiverWhoseAnswerComesByteByByteIsNotWaitedForLongerThanAnother() throws Exception {
        try (ServerSocket receiver = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Instant end = Instant.now().plus(config.timeout().multipliedBy(2));
            executor.submit(() -> {
                try (Socket called = receiver.accept()) {
                    OutputStream answer = called.getOutputStream();
                    answer.write("HTTP/1.1 204 No Content\r\nServer: ".getBytes(StandardCharsets.US_ASCII));
                    while (Instant.now().isBefore(end)) {
                        answer.write('a');
                        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                    }
                    answer.write("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                return null;
            });
            URI address = URI.create("http://localhost:" + receiver.getLocalPort());

            assertThatThrownBy(() -> caller.call(address, "m1", new byte[0])).isInstanceOf(IOException.class);
        }
    }

    /** The receiver answers when all have come: one that waited for another's answer would not come before its time is over. */
    @Test
    void noCallWaitsForAnotherToTheSameReceiver() throws Exception {
        CyclicBarrier all = new CyclicBarrier(Webhooks.AT_ONCE);
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            receiver.setExecutor(executor);
            receiver.createContext("/", exchange -> {
                try {
                    all.await();
                } catch (InterruptedException | BrokenBarrierException e) {
                    throw new IOException(e);
                }
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            receiver.start();
            URI address = URI.create("http://localhost:" + receiver.getAddress().getPort());
            Callable<Integer> call = () -> caller.call(address, "m1", new byte[0]);

            for (var status : executor.invokeAll(Collections.nCopies(Webhooks.AT_ONCE, call))) {
                assertThat(status.get()).isEqualTo(204);
            }
        } finally {
            receiver.stop(0);
        }
    }
}
