package dev.plaudit.gateway.jobs;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of a job's simulation, which is the {@code subject} of its events. It is the same however often the post is
 * submitted, so that a result that comes twice is known as one.
 *
 * @param job the job's id
 * @param place the post's place in the job, from 1
 */
public record Subject(UUID job, int place) {
    /** Reads what {@link #toString} wrote; empty when it is no subject of a job. */
    public static Optional<Subject> parse(String subject) {
        try {
            int slash = subject.indexOf('/');
            return slash < 0
                    ? Optional.empty()
                    : Optional.of(new Subject(
                            UUID.fromString(subject.substring(0, slash)),
                            Integer.parseInt(subject.substring(slash + 1))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** As in {@code 0b1f6c0e-6c9d-4f0e-8d53-0a52e3b0a1f7/12}. */
    @Override
    public String toString() {
        return job + "/" + place;
    }
}
