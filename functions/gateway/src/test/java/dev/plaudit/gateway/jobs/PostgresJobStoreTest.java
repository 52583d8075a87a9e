package dev.plaudit.gateway.jobs;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;

/** Jobs in PostgreSQL. */
@QuarkusTest
@WithTestResource(PostgresServer.class)
class PostgresJobStoreTest extends JobStoreTest {}
