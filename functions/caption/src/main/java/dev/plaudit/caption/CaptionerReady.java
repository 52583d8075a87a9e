package dev.plaudit.caption;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the model is open and warm; says where it runs. */
@Readiness
@ApplicationScoped
class CaptionerReady implements HealthCheck {
    private final PictureCaptioner captioner;

    CaptionerReady(PictureCaptioner captioner) {
        this.captioner = captioner;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("caption")
                .up()
                .withData("device", captioner.device())
                .withData("model", captioner.model().toString())
                .build();
    }
}
