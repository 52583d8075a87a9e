package dev.plaudit.gateway.jobs;

import dev.plaudit.events.EventType;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.events.Step;
import dev.plaudit.web.PublicAddresses;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonFormat;
import io.micrometer.core.instrument.Metrics;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/** Tells those who asked for it that a job has ended, by a CloudEvent; again and again until they took it. */
@ApplicationScoped
public class Webhooks {
    private static final Logger LOG = Logger.getLogger(Webhooks.class);
    /** How many receivers are called at a time. */
    static final int AT_ONCE = 16;

    private static final int MAX_ADDRESS = 2048;
    private static final int MAX_PORT = 65_535;
    private static final Duration LONGEST_WAIT = Duration.ofHours(12);

    private final JobStore store;
    private final WebhookCaller caller;
    private final WebhooksConfig config;

    Webhooks(JobStore store, WebhookCaller caller, WebhooksConfig config) {
        this.store = store;
        this.caller = caller;
        this.config = config;
    }

    /**
     * The address of a webhook, as a caller gives it. Whether its host is public is seen when it is called.
     *
     * @throws InvalidFieldException when it is none, or there are no webhooks here
     */
    public URI address(String webhook) {
        if (config.secrets().isEmpty()) {
            throw new InvalidFieldException(
                    "webhook", "is not offered here: plaudit.gateway.webhooks.secrets names no key to sign it with");
        }
        try {
            URI address = new URI(webhook);
            if (("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
                    && address.getHost() != null
                    && address.getPort() <= MAX_PORT
                    && address.getRawUserInfo() == null
                    && webhook.length() <= MAX_ADDRESS) {
                return address;
            }
        } catch (URISyntaxException e) {
            // told below
        }
        throw new InvalidFieldException(
                "webhook",
                "must be an http or https address without credentials, of at most " + MAX_ADDRESS + " characters");
    }

    @Scheduled(
            every = "1s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    @RunOnVirtualThread
    void deliver() {
        if (config.secrets().isEmpty()) {
            return;
        }
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Job> due = store.claimWebhooks(AT_ONCE, config.timeout().multipliedBy(2));
            due.forEach(job -> executor.execute(() -> deliver(job)));
        } catch (DatabaseUnavailableException e) {
            LOG.debug("webhooks are called when the database is there again", e);
        }
    }

    private void deliver(Job job) {
        String outcome = call(job);
        boolean last = outcome.equals("gone")
                || outcome.equals("forbidden")
                || job.webhook().attempts() >= config.maxAttempts();
        if (outcome.equals("delivered")) {
            store.settleWebhook(job.id(), WebhookState.DELIVERED, null);
        } else if (last) {
            LOG.warnf("the webhook of job %s is given up: %s", job.id(), outcome);
            store.settleWebhook(job.id(), WebhookState.GIVEN_UP, null);
        } else {
            store.settleWebhook(
                    job.id(), WebhookState.WAITING, wait(job.webhook().attempts()));
        }
        Metrics.counter("plaudit.webhooks", "outcome", outcome).increment();
    }

    private String call(Job job) {
        try {
            int status = caller.call(URI.create(job.webhook().url()), job.id().toString(), event(job));
            return switch (status / 100) {
                case 2 -> "delivered";
                default -> status == 410 ? "gone" : "refused";
            };
        } catch (PublicAddresses.ForbiddenHostException e) {
            return "forbidden";
        } catch (IOException | RuntimeException e) {
            LOG.debugf(e, "the webhook of job %s cannot be reached", job.id());
            return "unreachable";
        }
    }

    private static byte[] event(Job job) {
        return new JsonFormat()
                .serialize(CloudEventBuilder.v1()
                        .withId(job.id().toString())
                        .withSource(URI.create(Step.GATEWAY.source()))
                        .withType(EventType.JOB_ENDED)
                        .withSubject(job.id().toString())
                        .withTime(job.ended().atOffset(ZoneOffset.UTC))
                        .withData("application/json", SimulationJson.write(job).getBytes(StandardCharsets.UTF_8))
                        .build());
    }

    private Duration wait(int attempts) {
        Duration wait = config.firstRetry();
        for (int i = 1; i < attempts && wait.compareTo(LONGEST_WAIT) < 0; i++) {
            wait = wait.multipliedBy(3);
        }
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }
}
