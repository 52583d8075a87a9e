package dev.plaudit.gateway.jobs;

import io.quarkus.test.junit.QuarkusTest;

/** Jobs in H2. */
@QuarkusTest
class FileJobStoreTest extends JobStoreTest {}
