package dev.plaudit.gateway.jobs;

import dev.plaudit.events.SimulationJson;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/**
 * Calls that may be repeated: under the same key the same call is answered once, and the answer given again for as long as
 * {@link JobsConfig#keepKeys}. A call that fails leaves its key free. Safe for several threads and several gateways.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/">The Idempotency-Key HTTP
 *     Header Field</a>
 */
@ApplicationScoped
public class IdempotencyKeys {
    private static final Logger LOG = Logger.getLogger(IdempotencyKeys.class);

    /** The time that it takes to write an answer down. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private final Database database;
    private final JobsConfig config;

    /** How long a call has its key for itself, should its gateway end before it is answered. */
    private final Duration hold;

    IdempotencyKeys(
            Database database, JobsConfig config, @ConfigProperty(name = "plaudit.gateway.timeout") Duration timeout) {
        this.database = database;
        this.config = config;
        this.hold = timeout.plus(MARGIN);
    }

    /**
     * A key in the database.
     *
     * @param ticket the same for all who work under the key
     * @param answer null while the call is worked on
     * @param held until when the call that is worked on has the key for itself; no two calls have it until the same time
     */
    private record Key(String fingerprint, UUID ticket, String answer, Instant held) {}

    /**
     * Answers a call.
     *
     * @param scope what is called, as in {@code /v1/jobs}
     * @param name the key, as the caller chose it
     * @param fingerprint tells one request from another
     * @param work makes the answer; is given an id that stays the same should another have to go on with it
     * @throws IdempotencyException 409 while the first call is worked on; 422 when the key stands for another request
     */
    public Answer once(String scope, String name, String fingerprint, Function<UUID, Answer> work) {
        Key key = database.inTransaction(handle -> claim(handle, scope, name, fingerprint));
        if (key.answer() != null) {
            return SimulationJson.read(key.answer(), Answer.class);
        }
        Answer answer;
        try {
            answer = work.apply(key.ticket());
        } catch (DatabaseUnavailableException e) {
            // What was made may be there though nobody said so: who goes on finds it by the same ticket.
            settle(scope, name, key, "update idempotency_key set held = :now", null);
            throw e;
        } catch (RuntimeException e) {
            settle(scope, name, key, "delete from idempotency_key", null);
            throw e;
        }
        settle(scope, name, key, "update idempotency_key set answer = :answer", SimulationJson.write(answer));
        return answer;
    }

    /** The key of this call: with the answer where there is one, else for the call to work under. */
    private Key claim(Handle handle, String scope, String name, String fingerprint) {
        // As exact as databases keep it.
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        handle.createUpdate("delete from idempotency_key where scope = :scope and name = :name and expires <= :now")
                .bind("scope", scope)
                .bind("name", name)
                .bind("now", now)
                .execute();
        int inserted = handle.createUpdate("""
                        insert into idempotency_key (scope, name, fingerprint, ticket, held, expires)
                        values (:scope, :name, :fingerprint, :ticket, :now, :expires) on conflict do nothing""")
                .bind("scope", scope)
                .bind("name", name)
                .bind("fingerprint", fingerprint)
                .bind("ticket", UUID.randomUUID())
                .bind("now", now)
                .bind("expires", now.plus(config.keepKeys()))
                .execute();
        Optional<Key> found = handle.createQuery("""
                        select fingerprint, ticket, answer, held from idempotency_key
                        where scope = :scope and name = :name for update""")
                .bind("scope", scope)
                .bind("name", name)
                .map((row, context) -> new Key(
                        row.getString("fingerprint"),
                        row.getObject("ticket", UUID.class),
                        row.getString("answer"),
                        row.getTimestamp("held").toInstant()))
                .findOne();
        if (found.isEmpty()) {
            // The call that had it has failed in between.
            return claim(handle, scope, name, fingerprint);
        }
        Key key = found.get();
        if (!key.fingerprint().equals(fingerprint)) {
            throw new IdempotencyException(422, "the key '" + name + "' was used for another request");
        }
        if (key.answer() == null && inserted == 0 && key.held().isAfter(now)) {
            throw new IdempotencyException(409, "the request under the key '" + name + "' is still worked on");
        }
        Instant held = now.plus(hold);
        handle.createUpdate("update idempotency_key set held = :held where scope = :scope and name = :name")
                .bind("scope", scope)
                .bind("name", name)
                .bind("held", held)
                .execute();
        return new Key(key.fingerprint(), key.ticket(), key.answer(), held);
    }

    /**
     * Says of a key what became of its call, unless another call has it by now. Without the database the call is answered all
     * the same; its key is free again after a while.
     */
    private void settle(String scope, String name, Key key, String statement, String answer) {
        try {
            database.inTransaction(
                    handle -> handle.createUpdate(statement + " where scope = :scope and name = :name and held = :held")
                            .bind("scope", scope)
                            .bind("name", name)
                            .bind("held", key.held())
                            .bind("now", Instant.now())
                            .bind("answer", answer)
                            .execute());
        } catch (DatabaseUnavailableException e) {
            LOG.warnf(e, "how the request under the key '%s' was answered cannot be kept", name);
        }
    }

    /** Forgets the keys that have been kept long enough. */
    void deleteExpired() {
        database.inTransaction(handle -> handle.createUpdate("delete from idempotency_key where expires <= :now")
                .bind("now", Instant.now())
                .execute());
    }
}
