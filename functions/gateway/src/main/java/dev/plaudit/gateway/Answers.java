package dev.plaudit.gateway;

import dev.plaudit.events.Simulation;
import dev.plaudit.events.Task;
import dev.plaudit.gateway.jobs.Answer;
import dev.plaudit.gateway.jobs.Feeder;
import dev.plaudit.gateway.jobs.IdempotencyKeys;
import dev.plaudit.gateway.jobs.Job;
import dev.plaudit.gateway.jobs.JobStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/** Answers calls on the terms of their headers: once under an idempotency key, with a job where that is preferred. */
@ApplicationScoped
class Answers {
    private final IdempotencyKeys keys;
    private final JobStore store;
    private final Feeder feeder;

    Answers(IdempotencyKeys keys, JobStore store, Feeder feeder) {
        this.keys = keys;
        this.store = store;
        this.feeder = feeder;
    }

    /**
     * Answers with what comes of simulations, or with a job.
     *
     * @param result what comes of them, waited for
     */
    Response results(Terms terms, byte[] body, List<Simulation> simulations, Supplier<Object> result) {
        MessageDigest digest = Terms.digest();
        digest.update(body);
        return once(
                terms,
                digest,
                id -> terms.respondAsync()
                        ? accepted(
                                id,
                                simulations.getFirst().task(),
                                null,
                                simulations.iterator(),
                                Map.of("Preference-Applied", Terms.RESPOND_ASYNC))
                        : Answer.of(200, Map.of(), result.get()));
    }

    /** Answers with a new job. */
    Response job(Terms terms, MessageDigest body, Task task, URI webhook, Iterator<Simulation> simulations) {
        return once(terms, body, id -> accepted(id, task, webhook, simulations, Map.of()));
    }

    private Answer accepted(
            UUID id, Task task, URI webhook, Iterator<Simulation> simulations, Map<String, String> headers) {
        Job job = store.create(id, task, webhook, simulations);
        feeder.wake();
        Map<String, String> all = new HashMap<>(headers);
        all.put("Location", "/v1/jobs/" + id);
        return Answer.of(202, all, job);
    }

    private Response once(Terms terms, MessageDigest body, Function<UUID, Answer> work) {
        String key = terms.key();
        Answer answer = key == null
                ? work.apply(UUID.randomUUID())
                : keys.once(terms.path(), key, terms.fingerprint(body), work);
        Response.ResponseBuilder response = Response.status(answer.status())
                .type(MediaType.APPLICATION_JSON)
                .entity(answer.body());
        answer.headers().forEach(response::header);
        return response.build();
    }
}
