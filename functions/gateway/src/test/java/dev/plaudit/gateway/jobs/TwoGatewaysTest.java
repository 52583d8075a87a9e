package dev.plaudit.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.events.Task;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two gateways without a broker that share a PostgreSQL: the application, and the test itself, which claims like another. */
@QuarkusTest
@WithTestResource(PostgresServer.class)
@WithTestResource(TwoGatewaysTest.SlowFunction.class)
class TwoGatewaysTest {
    /** Takes an event, and works on it for ever. */
    public static final class SlowFunction implements QuarkusTestResourceLifecycleManager {
        private ServerSocket door;

        @Override
        public Map<String, String> start() {
            try {
                door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Map.of(
                    "plaudit.gateway.functions.prompt",
                    "http://localhost:" + door.getLocalPort(),
                    "plaudit.gateway.step-timeout",
                    "10m",
                    "plaudit.gateway.retries",
                    "0",
                    "plaudit.gateway.parallel-posts",
                    "1",
                    "plaudit.gateway.jobs.resubmit-after",
                    "4s");
        }

        @Override
        public void inject(TestInjector injector) {
            injector.injectIntoFields(door, new TestInjector.MatchesType(ServerSocket.class));
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

    ServerSocket function;

    @Inject
    JobStore store;

    @Inject
    Feeder feeder;

    @Inject
    Dispatcher dispatcher;

    @Inject
    JobsConfig config;

    @AfterEach
    void nothingIsLeft() throws IOException {
        store.list(null, 1000).forEach(job -> store.cancel(job.id()));
        function.close();
    }

    @Test
    void whatOneHasInHandTheOtherLeavesAloneHoweverLongItTakes() {
        UUID id = UUID.randomUUID();
        store.create(id, Task.BEHAVIOR, null, JobStoreTest.posts(3).iterator());
        feeder.wake();
        Instant patience = Instant.now().plusSeconds(20);
        while (dispatcher.inHand().size() < 3 && Instant.now().isBefore(patience)) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        assertThat(dispatcher.inHand()).hasSize(3);

        Instant end = Instant.now().plus(config.resubmitAfter().multipliedBy(2));
        while (Instant.now().isBefore(end)) {
            assertThat(store.claim(3, mine -> false)).isEmpty();
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }
}
