package dev.plaudit.gateway;

import io.quarkus.test.junit.QuarkusTest;

/** Jobs over HTTP, kept in H2. */
@QuarkusTest
class FileJobResourceTest extends JobResourceTest {}
