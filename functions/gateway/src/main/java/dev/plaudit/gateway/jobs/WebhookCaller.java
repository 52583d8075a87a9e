package dev.plaudit.gateway.jobs;

import dev.plaudit.web.PublicAddresses;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * Calls webhooks: signed, at public addresses only, following no redirect, within a time. Of the answer only the status is
 * read. Thread-safe.
 */
@ApplicationScoped
class WebhookCaller {
    private final WebhookSignature signature;
    private final CloseableHttpClient client;
    private final long timeoutMillis;

    WebhookCaller(WebhooksConfig config) {
        signature = new WebhookSignature(config.secrets().orElse(List.of()));
        timeoutMillis = config.timeout().toMillis();
        client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new PublicAddresses(
                                SystemDefaultDnsResolver.INSTANCE,
                                config.allowedHosts().orElse(Set.of())))
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(config.timeout()))
                                .build())
                        .setMaxConnPerRoute(Webhooks.AT_ONCE)
                        .setMaxConnTotal(Webhooks.AT_ONCE)
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(Timeout.of(config.timeout()))
                        .build())
                .setUserAgent("Plaudit/1.0")
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableAutomaticRetries()
                .build();
    }

    /**
     * Calls a webhook.
     *
     * @param id the message's, the same each time it is sent
     * @return the status of the answer
     * @throws IOException when there is none
     */
    int call(URI address, String id, byte[] body) throws IOException {
        Instant now = Instant.now();
        HttpPost request = new HttpPost(address);
        request.setEntity(new ByteArrayEntity(body, ContentType.create("application/cloudevents+json", "UTF-8")));
        request.setHeader("webhook-id", id);
        request.setHeader("webhook-timestamp", now.getEpochSecond());
        request.setHeader("webhook-signature", signature.of(id, now, body));
        CompletableFuture<Void> abort = CompletableFuture.runAsync(
                request::abort, CompletableFuture.delayedExecutor(timeoutMillis, TimeUnit.MILLISECONDS));
        try (ClassicHttpResponse response = client.executeOpen(null, request, null)) {
            return response.getCode();
        } finally {
            abort.cancel(false);
        }
    }

    /** A secret that is none keeps the gateway from starting. */
    void open(@Observes StartupEvent event) {}

    @PreDestroy
    void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
