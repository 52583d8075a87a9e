package dev.plaudit.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.ws.rs.ClientErrorException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UploadTest {
    private final AtomicLong room = new AtomicLong(5);

    private Upload receive(int bytes) throws IOException {
        return Upload.receive(new ByteArrayInputStream(new byte[bytes]), 3, room);
    }

    @Test
    void nothingIsLeftOfAFileThatWasRead() throws IOException {
        Upload upload = receive(3);
        assertThat(upload.file()).hasSize(3);

        upload.close();
        assertThat(upload.file()).doesNotExist();
    }

    @Test
    void filesTakeNoMoreRoomTogetherThanThereIs() throws IOException {
        Upload first = receive(3);
        assertThatThrownBy(() -> receive(3)).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> receive(4)).isInstanceOf(ClientErrorException.class);
        receive(2).close();

        first.close();
        receive(3).close();
        assertThat(room).hasValue(5);
    }
}
