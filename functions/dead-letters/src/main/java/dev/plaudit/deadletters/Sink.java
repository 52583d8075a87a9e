package dev.plaudit.deadletters;

import dev.plaudit.events.HeaderValue;
import io.cloudevents.CloudEvent;
import io.cloudevents.http.HttpMessageFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Where failed events go, by CloudEvents' HTTP protocol binding. */
@ApplicationScoped
class Sink {
    private final DeadLettersConfig config;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Sink(DeadLettersConfig config) {
        this.config = config;
    }

    /** @throws IOException when the sink does not take it */
    void accept(CloudEvent event) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(config.sink()).timeout(config.timeout());
        HttpMessageFactory.createWriter(
                        (name, value) ->
                                request.header(name, name.startsWith("ce-") ? HeaderValue.encode(value) : value),
                        body -> request.POST(HttpRequest.BodyPublishers.ofByteArray(body)))
                .writeBinary(event);
        int status = client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
        if (status / 100 != 2) {
            throw new IOException("the sink " + config.sink() + " answered with " + status);
        }
    }
}
