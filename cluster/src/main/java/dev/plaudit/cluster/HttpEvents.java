package dev.plaudit.cluster;

import dev.plaudit.events.HeaderValue;
import io.cloudevents.CloudEvent;
import io.cloudevents.http.HttpMessageFactory;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Events by CloudEvents' HTTP protocol binding, whose library leaves the encoding of headers to its callers. */
final class HttpEvents {
    private static final String PREFIX = "ce-";

    private HttpEvents() {}

    /** The event as a POST in binary content mode. */
    static HttpRequest.Builder request(CloudEvent event) {
        HttpRequest.Builder request = HttpRequest.newBuilder();
        HttpMessageFactory.createWriter(
                        (name, value) -> request.header(name, isAttribute(name) ? HeaderValue.encode(value) : value),
                        body -> request.POST(HttpRequest.BodyPublishers.ofByteArray(body)))
                .writeBinary(event);
        return request;
    }

    /** @throws io.cloudevents.rw.CloudEventRWException when it is no event */
    static CloudEvent read(Map<String, List<String>> headers, byte[] body) {
        return HttpMessageFactory.createReader(
                        header -> headers.forEach((name, values) -> header.accept(
                                name, isAttribute(name) ? HeaderValue.decode(values.getFirst()) : values.getFirst())),
                        body)
                .toEvent();
    }

    private static boolean isAttribute(String header) {
        return header.toLowerCase(Locale.ROOT).startsWith(PREFIX);
    }
}
