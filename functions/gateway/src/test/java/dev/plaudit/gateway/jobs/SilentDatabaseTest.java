package dev.plaudit.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that never says a word. */
@QuarkusTest
@WithTestResource(SilentDatabaseTest.SilentServer.class)
class SilentDatabaseTest {
    /** Takes connections, and never answers. */
    public static final class SilentServer implements QuarkusTestResourceLifecycleManager {
        private ServerSocket door;

        @Override
        public Map<String, String> start() {
            try {
                door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Map.of(
                    "quarkus.datasource.postgresql.jdbc.url",
                    "jdbc:postgresql://localhost:" + door.getLocalPort() + "/postgres");
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

    @Inject
    JobStore store;

    @Test
    @Timeout(15)
    void whoeverAsksIsRefusedAfterOneAttemptToConnectHoweverManyAsk() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = executor.invokeAll(Collections.nCopies(10, (Callable<?>) () -> store.find(UUID.randomUUID())));
            assertThat(calls).allSatisfy(call -> assertThatThrownBy(call::get)
                    .hasCauseInstanceOf(DatabaseUnavailableException.class));
        }
    }
}
