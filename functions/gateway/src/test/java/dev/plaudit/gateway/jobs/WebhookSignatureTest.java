package dev.plaudit.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignatureTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static String sign(String... secrets) {
        return new WebhookSignature(List.of(secrets))
                .of(
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        Instant.ofEpochSecond(1614265330),
                        "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8));
    }

    /** The example that Standard Webhooks' own libraries are tested with. */
    @Test
    void signsAsStandardWebhooksDo() {
        assertThat(sign(SECRET)).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void eachSecretGivesASignature() {
        assertThat(sign(SECRET, SECRET).split(" ")).containsOnly(sign(SECRET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "whsec_!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_"})
    void aSecretThatIsNoneIsRefused(String secret) {
        assertThatThrownBy(() -> sign(secret)).hasMessageContaining("plaudit.gateway.webhooks.secrets");
    }
}
