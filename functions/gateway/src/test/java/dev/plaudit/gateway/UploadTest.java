package dev.plaudit.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class UploadTest {
    @Test
    void nothingIsLeftOfAFileThatWasRead() throws IOException {
        Upload upload = Upload.receive(new ByteArrayInputStream(new byte[3]), 3);
        assertThat(upload.file()).hasSize(3);

        upload.close();
        assertThat(upload.file()).doesNotExist();
    }
}
