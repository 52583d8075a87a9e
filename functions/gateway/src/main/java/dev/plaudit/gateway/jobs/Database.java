package dev.plaudit.gateway.jobs;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.flyway.FlywayDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;

/**
 * Where jobs are kept: PostgreSQL when its {@code quarkus.datasource.postgresql.jdbc.url} is set, else a file of H2, which
 * needs no server but serves one gateway only. A data source's kind is settled when Quarkus builds, so there is one of each,
 * and the other is never opened.
 *
 * <p>It is opened, and its schema brought up to date, by the first who asks, so that the gateway starts without it, and
 * without it does all but jobs. Thread-safe.
 */
@ApplicationScoped
class Database {
    private static final Logger LOG = Logger.getLogger(Database.class);

    private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();
    private final boolean shared;
    private final InjectableInstance<AgroalDataSource> source;
    private final InjectableInstance<Flyway> schema;
    private CompletableFuture<Jdbi> opening;

    Database(
            @DataSource("postgresql") InjectableInstance<AgroalDataSource> postgresql,
            @FlywayDataSource("postgresql") InjectableInstance<Flyway> postgresqlSchema,
            @DataSource("file") InjectableInstance<AgroalDataSource> file,
            @FlywayDataSource("file") InjectableInstance<Flyway> fileSchema) {
        shared = postgresql.getHandle().getBean().isActive();
        source = shared ? postgresql : file;
        schema = shared ? postgresqlSchema : fileSchema;
    }

    /** Whether other gateways may be at work on it. */
    boolean isShared() {
        return shared;
    }

    /**
     * Runs statements that hold together, all or none. They run on a thread of their own: should this one be interrupted
     * because its caller hung up, H2 would close its file.
     *
     * @throws DatabaseUnavailableException when the database cannot be reached now
     */
    <T> T inTransaction(HandleCallback<T, RuntimeException> statements) {
        try {
            return opening()
                    .thenApplyAsync(jdbi -> jdbi.inTransaction(statements), threads)
                    .join();
        } catch (CompletionException e) {
            RuntimeException cause = (RuntimeException) e.getCause();
            throw isPassing(cause) ? new DatabaseUnavailableException(cause) : cause;
        }
    }

    /** The attempt to open it that succeeded or is under way, shared by all who ask; after one that failed, a new one. */
    private synchronized CompletableFuture<Jdbi> opening() {
        if (opening == null || opening.isCompletedExceptionally()) {
            opening = CompletableFuture.supplyAsync(this::open, threads);
        }
        return opening;
    }

    private Jdbi open() {
        schema.get().migrate();
        LOG.infof("jobs are kept in %s", shared ? "PostgreSQL" : "a file");
        return Jdbi.create(source.get());
    }

    private static boolean isPassing(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectionException
                    || cause instanceof FlywayException
                    || cause instanceof SQLException sql && isPassing(sql)) {
                return true;
            }
        }
        return false;
    }

    /**
     * By the class of its SQLSTATE: connections (08), rollbacks such as a deadlock's (40), resources (53), an operator's
     * intervention (57), the system's own errors (58); of H2's own, that a lock was waited for too long, or the file is closed.
     */
    private static boolean isPassing(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        return state.matches("(08|40|53|57|58)...|HYT00|90028|90031|90067|90098|90121");
    }
}
