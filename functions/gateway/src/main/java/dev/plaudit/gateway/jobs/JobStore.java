package dev.plaudit.gateway.jobs;

import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Problem;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.events.Task;
import io.micrometer.core.instrument.Metrics;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The jobs, their posts, and what became of them. Where a job and posts of it are locked, the job comes first, so that
 * nobody waits in a circle. Safe for several threads and several gateways; every method throws
 * {@link DatabaseUnavailableException} when the database cannot be reached now.
 */
@ApplicationScoped
public class JobStore {
    private static final int BATCH = 500;

    /** How many characters of documents are held at a time: posts may carry whole pictures. */
    private static final int MAX_HELD = 4 << 20;

    /** How many rows PostgreSQL sends at a time, where their documents may be long. */
    private static final int FETCH = 4;

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

    private final Database database;
    private final JobsConfig config;

    JobStore(Database database, JobsConfig config) {
        this.database = database;
        this.config = config;
    }

    /**
     * Takes a job. Asked again with the same id, it answers with the job that is there.
     *
     * @param webhook who is told of its end; null for nobody
     * @param simulations its posts, in order; one that carries a problem has ended already
     */
    public Job create(UUID id, Task task, URI webhook, Iterator<Simulation> simulations) {
        return database.inTransaction(handle -> {
            Instant now = Instant.now();
            int created = handle.createUpdate("""
                            insert into job (id, task, state, total, done, failed, created, webhook, webhook_state)
                            values (:id, :task, 'RUNNING', 0, 0, 0, :now, :webhook, :webhookState)
                            on conflict do nothing""")
                    .bind("id", id)
                    .bind("task", task.name())
                    .bind("now", now)
                    .bind("webhook", webhook == null ? null : webhook.toString())
                    .bind("webhookState", webhook == null ? null : WebhookState.WAITING.name())
                    .execute();
            if (created == 1) {
                insert(handle, id, simulations, now);
                endWhenNothingRemains(handle, id);
            }
            return find(handle, id).orElseThrow();
        });
    }

    private static void insert(Handle handle, UUID id, Iterator<Simulation> simulations, Instant now) {
        int total = 0;
        int failed = 0;
        int held = 0;
        try (PreparedBatch entries = handle.prepareBatch("""
                insert into entry (job, place, document, ended, due) values (:id, :place, :document, :ended, :due)""")) {
            while (simulations.hasNext()) {
                Simulation simulation = simulations.next();
                boolean ended = simulation.problem() != null;
                String document = SimulationJson.write(simulation);
                failed += ended ? 1 : 0;
                held += document.length();
                entries.bind("id", id)
                        .bind("place", ++total)
                        .bind("document", document)
                        .bind("ended", ended)
                        .bind("due", ended ? null : now)
                        .add();
                if (entries.size() == BATCH || held >= MAX_HELD) {
                    entries.execute();
                    held = 0;
                }
            }
            entries.execute();
        }
        handle.createUpdate("update job set total = :total, failed = :failed where id = :id")
                .bind("id", id)
                .bind("total", total)
                .bind("failed", failed)
                .execute();
    }

    /** A job; empty when there is none of this id. */
    public Optional<Job> find(UUID id) {
        return database.inTransaction(handle -> find(handle, id));
    }

    private static Optional<Job> find(Handle handle, UUID id) {
        return handle.createQuery("select * from job where id = :id")
                .bind("id", id)
                .map((row, context) -> job(row))
                .findOne();
    }

    /**
     * Jobs, the newest first.
     *
     * @param before the job that they go on from; null for the newest
     */
    public List<Job> list(UUID before, int limit) {
        return database.inTransaction(handle -> handle.createQuery("""
                        select * from job
                        where cast(:before as uuid) is null or (created, id) < (
                            select created, id from job where id = cast(:before as uuid))
                        order by created desc, id desc limit :limit""")
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> job(row))
                .list());
    }

    /** Calls a job off; one that has ended stays as it is. Empty when there is none of this id. */
    public Optional<Job> cancel(UUID id) {
        return database.inTransaction(handle -> {
            if (lockRunning(handle, id)) {
                handle.createUpdate("update entry set due = null where job = :id and due is not null")
                        .bind("id", id)
                        .execute();
                end(handle, id, JobState.CANCELLED);
            }
            return find(handle, id);
        });
    }

    /**
     * Takes posts that are due to be submitted, as many as the limits allow: first those that are out without a result, then
     * those of the oldest jobs. Nobody else gets them until {@link JobsConfig#resubmitAfter}. One that was submitted too often
     * fails instead.
     *
     * @param inHand the posts that are worked on here; they are left alone
     */
    List<Submission> claim(int limit, Predicate<Subject> inHand) {
        List<Submission> claimed = new ArrayList<>();
        List<Submission> hopeless = new ArrayList<>();
        database.inTransaction(handle -> {
            Instant now = Instant.now();
            int out = handle.createQuery(
                            "select count(*) from entry where ended = false and attempts >= 1 and due is not null")
                    .mapTo(Integer.class)
                    .one();
            List<Due> due = due(handle, "ended = false and attempts >= 1", now, limit);
            int room = Math.max(0, config.maxInFlight() - out);
            due.addAll(due(handle, "attempts = 0", now, Math.min(limit - due.size(), room)));
            PreparedBatch updates = handle.prepareBatch("""
                    update entry set due = :due, attempts = attempts + :more where job = :job and place = :place""");
            for (Due post : due) {
                boolean left = inHand.test(post.submission().subject());
                if (!left && post.attempts() >= config.maxAttempts()) {
                    hopeless.add(post.submission());
                    continue;
                }
                if (!left) {
                    claimed.add(post.submission());
                }
                updates.bind("due", now.plus(config.resubmitAfter()))
                        .bind("more", left ? 0 : 1)
                        .bindMethods(post.submission().subject())
                        .add();
            }
            return updates.execute();
        });
        hopeless.forEach(post -> complete(
                post.subject(),
                post.simulation()
                        .withProblem(Problem.of(
                                504,
                                "No result",
                                "the post was submitted " + config.maxAttempts() + " times, and no result came"))));
        return claimed;
    }

    /**
     * A post that is to be submitted.
     *
     * @param attempts how often it was before
     * @param length of its document, in characters
     */
    private record Due(Submission submission, int attempts, int length) {
        static Due of(ResultSet row) throws SQLException {
            String document = row.getString("document");
            return new Due(
                    new Submission(
                            new Subject(row.getObject("job", UUID.class), row.getInt("place")),
                            SimulationJson.read(document, Simulation.class)),
                    row.getInt("attempts"),
                    document.length());
        }
    }

    /** Locks posts that are due and of which a condition holds: so many, or fewer where their documents are long. */
    private static List<Due> due(Handle handle, String condition, Instant now, int limit) {
        List<Due> posts = new ArrayList<>();
        int held = 0;
        try (ResultIterator<Due> rows = handle.createQuery("""
                        select job, place, document, attempts from entry where due <= :now and <condition>
                        order by due, job, place limit :limit for update skip locked""")
                .define("condition", condition)
                .bind("now", now)
                .bind("limit", limit)
                .setFetchSize(FETCH)
                .map((row, context) -> Due.of(row))
                .iterator()) {
            while (held < MAX_HELD && rows.hasNext()) {
                posts.add(rows.next());
                held += posts.getLast().length();
            }
        }
        return posts;
    }

    /** Keeps posts that are worked on here from everybody else until {@link JobsConfig#resubmitAfter}, counted from now. */
    void renew(Set<Subject> inHand) {
        for (Subject subject : inHand) {
            database.inTransaction(handle -> handle.createUpdate(
                            "update entry set due = :due where job = :job and place = :place and due < :due")
                    .bindMethods(subject)
                    .bind("due", Instant.now().plus(config.resubmitAfter()))
                    .execute());
        }
    }

    /** Leaves posts to a broker that has taken them: until {@link JobsConfig#brokerPatience} they are not submitted again. */
    public void handedOver(List<Submission> posts) {
        database.inTransaction(handle -> {
            posts.stream()
                    .map(post -> post.subject().job())
                    .distinct()
                    .sorted()
                    .forEach(job -> lockRunning(handle, job));
            PreparedBatch updates = handle.prepareBatch(
                    "update entry set due = :due where job = :job and place = :place and due is not null");
            Instant due = Instant.now().plus(config.brokerPatience());
            posts.forEach(
                    post -> updates.bind("due", due).bindMethods(post.subject()).add());
            return updates.execute();
        });
    }

    /** Has a post that could not be worked on now submitted again: soon, and later each time. */
    public void defer(Subject subject) {
        database.inTransaction(handle -> {
            int attempts = handle.createQuery("select attempts from entry where job = :job and place = :place")
                    .bindMethods(subject)
                    .mapTo(Integer.class)
                    .findOne()
                    .orElse(0);
            Duration doubled = FIRST_RETRY.multipliedBy(1L << Math.min(attempts, 20));
            Duration delay = doubled.compareTo(config.resubmitAfter()) < 0 ? doubled : config.resubmitAfter();
            return handle.createUpdate(
                            "update entry set due = :due where job = :job and place = :place and due is not null")
                    .bindMethods(subject)
                    .bind("due", Instant.now().plus(delay))
                    .execute();
        });
    }

    /** Has all posts that were on their way submitted again at once: nobody is left who works on them. */
    void release() {
        database.inTransaction(handle -> handle.createUpdate("update entry set due = :now where due > :now")
                .bind("now", Instant.now())
                .execute());
    }

    /**
     * Keeps what became of a post; the job ends with its last. Told again, or of a post that no running job has, nothing
     * changes.
     *
     * @param simulation the finished document, with an engagement, with drafts, or with a problem
     * @return whether it was kept
     */
    public boolean complete(Subject subject, Simulation simulation) {
        boolean kept = database.inTransaction(handle -> {
            if (!lockRunning(handle, subject.job())) {
                return false;
            }
            int updated = handle.createUpdate("""
                            update entry set document = :document, ended = true, due = null
                            where job = :job and place = :place and not ended""")
                    .bindMethods(subject)
                    .bind("document", SimulationJson.write(answer(simulation)))
                    .execute();
            if (updated == 1) {
                handle.createUpdate(
                                simulation.problem() == null
                                        ? "update job set done = done + 1 where id = :id"
                                        : "update job set failed = failed + 1 where id = :id")
                        .bind("id", subject.job())
                        .execute();
                endWhenNothingRemains(handle, subject.job());
            }
            return updated == 1;
        });
        Metrics.counter("plaudit.jobs.results", "outcome", kept ? "kept" : "ignored")
                .increment();
        return kept;
    }

    /** What is kept of a finished document: the answer. The post itself, which may carry whole pictures, is the caller's. */
    private static Simulation answer(Simulation simulation) {
        return new Simulation(
                simulation.task(),
                new Post(simulation.post().id(), null, null, null, null, null, null),
                Options.DEFAULT,
                simulation.sights(),
                null,
                null,
                simulation.engagement(),
                simulation.drafts(),
                simulation.judgement(),
                simulation.usage(),
                simulation.problem());
    }

    /** A post that has ended, with its place in the job. */
    public record Result(int place, Simulation simulation) {}

    /** The posts of a job that have ended, in order, from after one place up to another, the first so many. */
    public List<Result> results(UUID id, int after, int last, int limit) {
        return database.inTransaction(handle -> handle.createQuery("""
                        select place, document from entry where job = :id and place > :after and place <= :last and ended
                        order by place limit :limit""")
                .bind("id", id)
                .bind("after", after)
                .bind("last", last)
                .bind("limit", limit)
                .map((row, context) -> new Result(row.getInt("place"), document(row)))
                .list());
    }

    /**
     * Takes jobs whose end is to be told now; nobody else gets them for a while.
     *
     * @return the jobs, this attempt counted
     */
    List<Job> claimWebhooks(int limit, Duration forAWhile) {
        return database.inTransaction(handle -> {
            Instant now = Instant.now();
            List<UUID> due = handle.createQuery("""
                            select id from job where webhook_due <= :now
                            order by webhook_due limit :limit for update skip locked""")
                    .bind("now", now)
                    .bind("limit", limit)
                    .mapTo(UUID.class)
                    .list();
            List<Job> claimed = new ArrayList<>();
            for (UUID id : due) {
                handle.createUpdate(
                                "update job set webhook_due = :due, webhook_attempts = webhook_attempts + 1 where id = :id")
                        .bind("id", id)
                        .bind("due", now.plus(forAWhile))
                        .execute();
                claimed.add(find(handle, id).orElseThrow());
            }
            return claimed;
        });
    }

    /** @param wait until the next attempt; null for none */
    void settleWebhook(UUID id, WebhookState state, Duration wait) {
        database.inTransaction(handle -> handle.createUpdate(
                        "update job set webhook_state = :state, webhook_due = :due where id = :id")
                .bind("id", id)
                .bind("state", state.name())
                .bind("due", wait == null ? null : Instant.now().plus(wait))
                .execute());
    }

    /** Deletes the jobs that ended before this time. */
    int deleteEndedBefore(Instant time) {
        return database.inTransaction(handle -> handle.createUpdate("delete from job where ended < :time")
                .bind("time", time)
                .execute());
    }

    private static boolean lockRunning(Handle handle, UUID id) {
        return handle.createQuery("select state from job where id = :id for update")
                .bind("id", id)
                .mapTo(JobState.class)
                .findOne()
                .filter(state -> state == JobState.RUNNING)
                .isPresent();
    }

    private static void endWhenNothingRemains(Handle handle, UUID id) {
        boolean remains = handle.createQuery("select done + failed < total from job where id = :id")
                .bind("id", id)
                .mapTo(Boolean.class)
                .one();
        if (!remains) {
            end(handle, id, JobState.DONE);
        }
    }

    private static void end(Handle handle, UUID id, JobState state) {
        handle.createUpdate("""
                        update job set state = :state, ended = :now,
                            webhook_due = case when webhook is null then null else cast(:now as timestamp with time zone) end
                        where id = :id""")
                .bind("id", id)
                .bind("state", state.name())
                .bind("now", Instant.now())
                .execute();
    }

    private static Simulation document(ResultSet row) throws SQLException {
        return SimulationJson.read(row.getString("document"), Simulation.class);
    }

    private static Job job(ResultSet row) throws SQLException {
        String webhook = row.getString("webhook");
        Timestamp ended = row.getTimestamp("ended");
        return new Job(
                row.getObject("id", UUID.class),
                Task.valueOf(row.getString("task")),
                JobState.valueOf(row.getString("state")),
                row.getInt("total"),
                row.getInt("done"),
                row.getInt("failed"),
                row.getTimestamp("created").toInstant(),
                ended == null ? null : ended.toInstant(),
                webhook == null
                        ? null
                        : new Job.Webhook(
                                webhook,
                                WebhookState.valueOf(row.getString("webhook_state")),
                                row.getInt("webhook_attempts")));
    }
}
