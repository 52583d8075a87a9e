package dev.plaudit.generate;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the model is open and warm; says where it runs. */
@Readiness
@ApplicationScoped
class WriterReady implements HealthCheck {
    private final PostWriter writer;

    WriterReady(PostWriter writer) {
        this.writer = writer;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("generate")
                .up()
                .withData("device", writer.device())
                .withData("model", writer.model().toString())
                .build();
    }
}
