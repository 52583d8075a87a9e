package dev.plaudit.gateway.jobs;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** Jobs in PostgreSQL. */
@QuarkusTest
@TestProfile(JobStoreTest.NoFeeder.class)
@WithTestResource(PostgresServer.class)
class PostgresJobStoreTest extends JobStoreTest {}
