package dev.plaudit.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plaudit.events.Media;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Problem;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Task;
import io.quarkus.test.junit.QuarkusTestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for the store of jobs, whatever the database. */
abstract class JobStoreTest {
    /** Nobody but the test takes posts. */
    public static final class NoFeeder implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.scheduler.enabled", "false");
        }
    }

    @Inject
    JobStore store;

    static List<Simulation> posts(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> Simulation.behavior(
                        new Post("p" + i, "Fresh bread, loaf " + i, null, null, null, null, null), Options.DEFAULT))
                .toList();
    }

    /** Posts that carry a picture of two million characters each. */
    static List<Simulation> largePosts(int count) {
        Media picture = Media.photo("data:image/png;base64," + "A".repeat(2_000_000));
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> Simulation.behavior(
                        new Post("p" + i, null, null, null, null, List.of(picture), null), Options.DEFAULT))
                .toList();
    }

    @Inject
    IdempotencyKeys keys;

    @Inject
    JobsConfig config;

    @Inject
    Database database;

    @ConfigProperty(name = "plaudit.gateway.timeout")
    Duration timeout;

    private Job create(int count) {
        return store.create(UUID.randomUUID(), Task.BEHAVIOR, null, posts(count).iterator());
    }

    @AfterEach
    void nothingIsLeft() {
        store.list(null, 1000).forEach(job -> store.cancel(job.id()));
    }

    private List<Submission> claim(int limit) {
        return store.claim(limit, post -> false);
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
        assertThat(store.results(job.id(), 0, 100, 1000))
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
        assertThat(store.results(job.id(), 0, 2, 10))
                .extracting(JobStore.Result::place)
                .containsExactly(2);
    }

    @Test
    void aJobOfNothingButRowsThatCannotBeReadHasEndedAtOnce() {
        Simulation unreadable = ended(10);
        Job job = store.create(
                UUID.randomUUID(),
                Task.BEHAVIOR,
                null,
                List.of(unreadable, unreadable).iterator());

        assertThat(job.state()).isEqualTo(JobState.DONE);
        assertThat(job.failed()).isEqualTo(2);
    }

    @Test
    void aJobTakenTwiceUnderOneIdIsOne() {
        UUID id = UUID.randomUUID();
        store.create(id, Task.BEHAVIOR, null, posts(3).iterator());

        assertThat(store.create(id, Task.BEHAVIOR, null, posts(3).iterator()).total())
                .isEqualTo(3);
        store.cancel(id);
    }

    @Test
    void whatHasBeenKeptLongEnoughIsDeletedAndWhatStillRunsIsNot() {
        Job running = create(1);
        Job done = create(1);
        store.complete(new Subject(done.id(), 1), ended(1));
        store.deleteEndedBefore(Instant.now());

        assertThat(store.find(done.id())).isEmpty();
        assertThat(store.results(done.id(), 0, 1, 1)).isEmpty();
        assertThat(store.find(running.id())).isPresent();
        assertThat(store.complete(new Subject(done.id(), 1), ended(1))).isFalse();
        store.cancel(running.id());
    }

    @Test
    void jobsAreSweptWhenTheyWereKeptLongEnough() {
        Job fresh = create(1);
        Job old = create(1);
        for (Job job : List.of(fresh, old)) {
            store.complete(new Subject(job.id(), 1), ended(1));
        }
        database.inTransaction(handle -> handle.createUpdate("update job set ended = :time where id = :id")
                .bind("time", Instant.now().minus(config.keepResults()))
                .bind("id", old.id())
                .execute());
        new Sweeper(store, keys, config).sweep();

        assertThat(store.find(old.id())).isEmpty();
        assertThat(store.find(fresh.id())).isPresent();
    }

    @Test
    void aPostThatCannotBeWorkedOnNowIsWaitedForTwiceAsLongEachTime() {
        Job job = create(1);
        Subject subject = new Subject(job.id(), 1);
        for (int attempt = 1; attempt <= 8; attempt++) {
            store.release();
            claim(1);
            Instant before = Instant.now();
            store.defer(subject);

            Duration wait = Duration.ofSeconds(
                    Math.min(1L << attempt, config.resubmitAfter().toSeconds()));
            assertThat(due(job)).isBetween(before.plus(wait), Instant.now().plus(wait));
        }
    }

    private Instant due(Job job) {
        return database.inTransaction(handle -> handle.createQuery("select due from entry where job = :job")
                .bind("job", job.id())
                .mapTo(Instant.class)
                .one());
    }

    @Test
    void theEndOfAJobIsToldByOneAtATime() {
        Job job = store.create(UUID.randomUUID(), Task.BEHAVIOR, URI.create("http://localhost/"), posts(1).iterator());
        store.complete(new Subject(job.id(), 1), ended(1));

        assertThat(store.claimWebhooks(1000, Duration.ofMinutes(1)))
                .extracting(Job::id)
                .contains(job.id());
        assertThat(store.claimWebhooks(1000, Duration.ofMinutes(1))).isEmpty();
    }

    @Test
    void whatIsLeftOfAJobTakesAsLongAsItDidSoFar() {
        Instant created = Instant.now().minusSeconds(30);
        Job job = new Job(UUID.randomUUID(), Task.BEHAVIOR, JobState.RUNNING, 10, 3, 1, created, null, null);

        assertThat(job.remaining()).isEqualTo(6);
        assertThat(job.remainingSeconds()).isBetween(60L, 62L);
    }

    @Test
    void aPostOfWhichNothingIsEverHeardFailsInTheEnd() {
        Job job = create(1);
        Subject subject = new Subject(job.id(), 1);
        for (int attempt = 0; attempt <= config.maxAttempts(); attempt++) {
            store.release();
            claim(1000);
        }

        assertThat(store.find(job.id()).orElseThrow().state()).isEqualTo(JobState.DONE);
        assertThat(store.results(job.id(), 0, 1, 1)
                        .getFirst()
                        .simulation()
                        .problem()
                        .title())
                .isEqualTo("No result");
        assertThat(store.complete(subject, ended(1))).isFalse();
    }

    @Test
    void aKeyIsInUseUntilTheCallIsAnswered() {
        String key = UUID.randomUUID().toString();
        Answer answer = keys.once("/v1/jobs", key, "f", id -> {
            assertThatThrownBy(() -> keys.once("/v1/jobs", key, "f", again -> null))
                    .isInstanceOfSatisfying(IdempotencyException.class, e -> assertThat(e.status())
                            .isEqualTo(409));
            return Answer.of(202, Map.of("Location", "/v1/jobs/" + id), "taken");
        });

        assertThat(keys.once("/v1/jobs", key, "f", id -> null)).isEqualTo(answer);
        assertThat(keys.once("/v1/score", key, "f", id -> answer)).isEqualTo(answer);
        assertThatThrownBy(() -> keys.once("/v1/jobs", key, "g", id -> null))
                .isInstanceOfSatisfying(
                        IdempotencyException.class, e -> assertThat(e.status()).isEqualTo(422));
    }

    @Test
    void aCallThatFailsLeavesItsKeyFree() {
        String key = UUID.randomUUID().toString();
        assertThatThrownBy(() -> keys.once("/v1/jobs", key, "f", id -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(keys.once("/v1/jobs", key, "f", id -> Answer.of(200, Map.of(), "yes"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void ofCallsThatFailUnderOneKeyAtOnceEachFailsByItselfOrFindsTheKeyInUse() throws Exception {
        String key = UUID.randomUUID().toString();
        Callable<Class<?>> calls = () -> {
            for (int i = 0; i < 100; i++) {
                try {
                    keys.once("/v1/score", key, "f", id -> {
                        throw new UnsupportedOperationException();
                    });
                } catch (UnsupportedOperationException | IdempotencyException e) {
                    // as they should
                } catch (RuntimeException e) {
                    return e.getClass();
                }
            }
            return null;
        };
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var call : executor.invokeAll(Collections.nCopies(8, calls))) {
                assertThat(call.get()).isNull();
            }
        }
    }

    @Test
    void aJobWhoseCreationWasNotAcknowledgedIsFoundUnderItsKey() {
        String key = UUID.randomUUID().toString();
        List<UUID> jobs = new ArrayList<>();
        assertThatThrownBy(() -> keys.once("/v1/jobs", key, "f", id -> {
                    jobs.add(store.create(id, Task.BEHAVIOR, null, posts(1).iterator())
                            .id());
                    throw new DatabaseUnavailableException(null);
                }))
                .isInstanceOf(DatabaseUnavailableException.class);

        keys.once("/v1/jobs", key, "f", id -> {
            jobs.add(store.create(id, Task.BEHAVIOR, null, posts(1).iterator()).id());
            return Answer.of(202, Map.of(), "taken");
        });
        assertThat(jobs).hasSize(2).containsOnly(jobs.getFirst());
        store.cancel(jobs.getFirst());
    }

    private void expire(String key) {
        database.inTransaction(
                handle -> handle.createUpdate("update idempotency_key set expires = :now where name = :name")
                        .bind("now", Instant.now())
                        .bind("name", key)
                        .execute());
    }

    @Test
    void aKeyIsForgottenWhenItWasKeptLongEnough() {
        String key = UUID.randomUUID().toString();
        Answer first = keys.once("/v1/score", key, "f", id -> Answer.of(200, Map.of(), "first"));
        keys.deleteExpired();
        assertThat(keys.once("/v1/score", key, "f", id -> null)).isEqualTo(first);

        expire(key);
        Answer second = keys.once("/v1/score", key, "g", id -> Answer.of(200, Map.of(), "second"));
        assertThat(second.body()).contains("second");

        expire(key);
        keys.deleteExpired();
        assertThat(database.<Integer>inTransaction(
                        handle -> handle.createQuery("select count(*) from idempotency_key where name = :name")
                                .bind("name", key)
                                .mapTo(Integer.class)
                                .one()))
                .isZero();
    }

    @Test
    void aCallHasItsKeyForItselfForLongerThanItMayTake() {
        String key = UUID.randomUUID().toString();
        keys.once("/v1/score", key, "f", id -> {
            Instant held = database.inTransaction(
                    handle -> handle.createQuery("select held from idempotency_key where name = :name")
                            .bind("name", key)
                            .mapTo(Instant.class)
                            .one());
            assertThat(held).isAfter(Instant.now().plus(timeout));
            return Answer.of(200, Map.of(), "yes");
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallThatEndsAfterAnotherTookItsKeyOverChangesNothing(boolean failing) {
        String key = UUID.randomUUID().toString();
        Answer second = Answer.of(200, Map.of(), "second");
        try {
            keys.once("/v1/score", key, "f", id -> {
                database.inTransaction(
                        handle -> handle.createUpdate("update idempotency_key set held = :now where name = :name")
                                .bind("now", Instant.now())
                                .bind("name", key)
                                .execute());
                keys.once("/v1/score", key, "f", again -> second);
                if (failing) {
                    throw new IllegalStateException("late");
                }
                return Answer.of(200, Map.of(), "first");
            });
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("late");
        }

        assertThat(keys.once("/v1/score", key, "f", id -> null)).isEqualTo(second);
    }

    @Test
    void postsThatAreOutCountUntilTheyHaveEndedHoweverLongAgoTheyWereSubmitted() {
        Job job = create(config.maxInFlight() + 10);
        List<Submission> out = claim(5000);
        assertThat(out).hasSize(config.maxInFlight());
        assertThat(claim(5000)).isEmpty();

        store.release();
        assertThat(claim(5000)).containsExactlyElementsOf(out);
        store.complete(new Subject(job.id(), 7), ended(7));
        assertThat(claim(5000)).extracting(post -> post.subject().place()).containsExactly(config.maxInFlight() + 1);
        store.cancel(job.id());
    }

    @Test
    void aPostThatIsWorkedOnIsNotClaimedAgainHoweverLongItTakes() {
        Job job = create(1);
        List<Submission> post = claim(1);
        for (int i = 0; i <= config.maxAttempts(); i++) {
            store.release();
            assertThat(store.claim(1, new Subject(job.id(), 1)::equals)).isEmpty();
        }

        store.release();
        assertThat(claim(1)).isEqualTo(post);
        store.cancel(job.id());
    }

    @Test
    void aPostThatABrokerTookIsSubmittedAgainOnlyWhenTheBrokerHasGivenUp() {
        Job job = create(2);
        Instant before = Instant.now();
        List<Submission> posts = claim(2);
        store.complete(posts.getFirst().subject(), ended(1));
        store.handedOver(posts);

        assertThat(database.<List<Instant>>inTransaction(
                        handle -> handle.createQuery("select due from entry where job = :job and due is not null")
                                .bind("job", job.id())
                                .mapTo(Instant.class)
                                .list()))
                .singleElement()
                .satisfies(due -> assertThat(due).isAfterOrEqualTo(before.plus(config.brokerPatience())));
        store.cancel(job.id());
    }

    @Test
    void ofLargePostsFewAreClaimedAtATime() {
        Job job = store.create(
                UUID.randomUUID(), Task.BEHAVIOR, null, largePosts(5).iterator());

        List<Integer> claimed = new ArrayList<>();
        for (List<Submission> due = claim(64); !due.isEmpty(); due = claim(64)) {
            assertThat(due).hasSizeLessThan(4);
            due.forEach(post -> claimed.add(post.subject().place()));
        }
        assertThat(claimed).containsExactly(1, 2, 3, 4, 5);
        store.cancel(job.id());
    }

    @Test
    void noPostIsClaimedTwiceByGatewaysThatClaimAtOnce() throws Exception {
        Job job = create(500);
        List<Submission> claimed = Collections.synchronizedList(new ArrayList<>());
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int gateway = 0; gateway < 8; gateway++) {
                executor.submit(() -> {
                    for (List<Submission> due = claim(20); !due.isEmpty(); due = claim(20)) {
                        claimed.addAll(due);
                    }
                });
            }
        }
        assertThat(claimed).extracting(Submission::subject).doesNotHaveDuplicates();
        store.cancel(job.id());
    }
}
