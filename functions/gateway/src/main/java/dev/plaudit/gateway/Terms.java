package dev.plaudit.gateway;

import dev.plaudit.events.InvalidFieldException;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** What the headers of a call ask of the way it is answered. */
public class Terms {
    static final String RESPOND_ASYNC = "respond-async";

    private static final int MAX_KEY = 255;

    @HeaderParam("Idempotency-Key")
    @Parameter(
            description = "A name for this call, best a UUID: made again under the same name it is answered as it was,"
                    + " and nothing is done twice",
            schema = @Schema(maxLength = MAX_KEY))
    String idempotencyKey;

    @HeaderParam("Prefer")
    @Parameter(description = "respond-async: make it a job, and answer with where that is (RFC 7240)")
    List<String> prefer;

    @Context
    UriInfo uri;

    /** Whether the caller would rather have a job than wait. */
    boolean respondAsync() {
        return prefer.stream()
                .flatMap(header -> Arrays.stream(header.split(",")))
                .map(preference -> preference.split(";", 2)[0].strip())
                .anyMatch(RESPOND_ASYNC::equalsIgnoreCase);
    }

    /**
     * The idempotency key, a string of Structured Fields (RFC 9651) or bare; null when there is none.
     *
     * @throws InvalidFieldException when it is empty or too long
     */
    String key() {
        if (idempotencyKey == null) {
            return null;
        }
        String key = idempotencyKey.strip();
        if (key.length() >= 2 && key.startsWith("\"") && key.endsWith("\"")) {
            key = key.substring(1, key.length() - 1);
        }
        if (key.isBlank() || key.length() > MAX_KEY) {
            throw new InvalidFieldException("Idempotency-Key", "must be of 1 to " + MAX_KEY + " characters");
        }
        return key;
    }

    /** A digest for {@link #fingerprint}. */
    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is called, as in {@code /v1/jobs}. */
    String path() {
        return uri.getPath();
    }

    /** Tells this request from another by its query and its body, of which this is the digest. */
    String fingerprint(MessageDigest body) {
        String query = uri.getRequestUri().getRawQuery();
        body.update((query == null ? "" : query).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(body.digest());
    }
}
