package dev.plaudit.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Problem;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Task;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for the store of jobs, whatever the database. */
abstract class JobStoreTest {
    @Inject
    JobStore store;

    static List<Simulation> posts(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> Simulation.behavior(
                        new Post("p" + i, "Fresh bread, loaf " + i, null, null, null, null, null), Options.DEFAULT))
                .toList();
    }

    private Job create(int count) {
        return store.create(UUID.randomUUID(), Task.BEHAVIOR, null, posts(count).iterator());
    }

    private static Simulation ended(int place) {
        return posts(place).getLast().withProblem(place % 10 == 0 ? Problem.of(400, "No", "no") : null);
    }

    @Test
    void aJobEndsWithItsLastPostWhateverTheOrderAndHoweverOftenToldOf() throws InterruptedException {
        Job job = create(100);
        List<Integer> told =
                new ArrayList<>(IntStream.rangeClosed(1, 100).boxed().toList());
        told.addAll(told);
        told.addAll(told);
        Collections.shuffle(told, new Random(7));
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            told.forEach(place -> executor.execute(() -> store.complete(new Subject(job.id(), place), ended(place))));
        }

        Job done = store.find(job.id()).orElseThrow();
        assertThat(done.state()).isEqualTo(JobState.DONE);
        assertThat(done.done()).isEqualTo(90);
        assertThat(done.failed()).isEqualTo(10);
        assertThat(done.ended()).isNotNull();
        assertThat(store.results(job.id(), 0, 1000))
                .extracting(result -> result.simulation().post().id())
                .containsExactlyElementsOf(
                        posts(100).stream().map(post -> post.post().id()).toList());
    }

    @Test
    void aResultOfNoJobIsIgnored() {
        assertThat(store.complete(new Subject(UUID.randomUUID(), 1), ended(1))).isFalse();
        assertThat(store.complete(new Subject(create(1).id(), 2), ended(2))).isFalse();
        assertThat(Subject.parse("somebody/else")).isEmpty();
    }

    @Test
    void aResultThatComesAfterTheCancellationIsIgnored() {
        Job job = create(2);
        store.complete(new Subject(job.id(), 2), ended(2));
        assertThat(store.cancel(job.id()).orElseThrow().state()).isEqualTo(JobState.CANCELLED);

        assertThat(store.complete(new Subject(job.id(), 1), ended(1))).isFalse();
        assertThat(store.results(job.id(), 0, 10))
                .extracting(JobStore.Result::place)
                .containsExactly(2);
    }

    @Test
    void noPostIsClaimedTwiceByGatewaysThatClaimAtOnce() throws Exception {
        Job job = create(500);
        List<Submission> claimed = Collections.synchronizedList(new ArrayList<>());
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int gateway = 0; gateway < 8; gateway++) {
                executor.submit(() -> {
                    for (List<Submission> due = store.claim(20); !due.isEmpty(); due = store.claim(20)) {
                        claimed.addAll(due);
                    }
                });
            }
        }
        assertThat(claimed).extracting(Submission::subject).doesNotHaveDuplicates();
        store.cancel(job.id());
    }
}
