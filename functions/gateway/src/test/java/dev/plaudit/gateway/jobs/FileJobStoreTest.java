package dev.plaudit.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.events.Simulation;
import dev.plaudit.events.Task;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.junit.jupiter.api.Test;

/** Jobs in H2. */
@QuarkusTest
@TestProfile(JobStoreTest.NoFeeder.class)
class FileJobStoreTest extends JobStoreTest {
    @Inject
    @DataSource("file")
    AgroalDataSource source;

    /** The posts that are in the database, by transactions that have not ended as well. */
    private int written(UUID job) {
        return Jdbi.create(source)
                .inTransaction(TransactionIsolationLevel.READ_UNCOMMITTED, handle -> handle.createQuery(
                                "select count(*) from entry where job = :job")
                        .bind("job", job)
                        .mapTo(Integer.class)
                        .one());
    }

    @Test
    void largePostsAreWrittenWhileOthersAreStillRead() {
        UUID id = UUID.randomUUID();
        List<Integer> held = new ArrayList<>();
        Iterator<Simulation> posts = largePosts(9).iterator();
        store.create(id, Task.BEHAVIOR, null, new Iterator<>() {
            private int read;

            @Override
            public boolean hasNext() {
                return posts.hasNext();
            }

            @Override
            public Simulation next() {
                held.add(read++ - written(id));
                return posts.next();
            }
        });

        assertThat(held).hasSize(9).allMatch(count -> count < 4);
        assertThat(written(id)).isEqualTo(9);
        store.cancel(id);
    }

    @Test
    void whatAnEarlierProcessHadInHandIsSubmittedAgainAtOnce() throws InterruptedException {
        nothingIsLeft();
        store.create(UUID.randomUUID(), Task.BEHAVIOR, null, posts(2).iterator());
        List<Submission> inHand = store.claim(2, mine -> false);
        BlockingQueue<List<Submission>> submitted = new LinkedBlockingQueue<>();

        new Feeder(store, submitted::add, database, config).wake();
        assertThat(submitted.poll(20, TimeUnit.SECONDS)).isEqualTo(inHand);
    }
}
