package dev.plaudit.media;

import dev.plaudit.web.PublicAddresses;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * Fetches a file from the web on behalf of somebody who is not trusted: from public addresses only, at every redirect,
 * within limits of time and size. Apache's client was chosen because it takes the resolver of names from us; the JDK's
 * resolves a name again after anybody could have checked it. Thread-safe.
 */
final class WebFetcher implements AutoCloseable {
    private static final String USER_AGENT = "Plaudit/1.0";
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final CompletableFuture<CloseableHttpClient> client;
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("media-deadlines").daemon().factory());
    private final Duration timeout;
    private final int maxBytes;
    private final int maxRedirects;

    /** @param names how names resolve, before the check */
    WebFetcher(MediaConfig config, DnsResolver names) {
        this.timeout = config.timeout();
        this.maxBytes = config.maxBytes();
        this.maxRedirects = config.maxRedirects();
        this.client = CompletableFuture.supplyAsync(
                () -> client(config, names),
                Thread.ofPlatform().name("media-client").daemon()::start);
    }

    /** Takes a while, for all the authorities that are trusted. */
    private static CloseableHttpClient client(MediaConfig config, DnsResolver names) {
        Timeout timeout = Timeout.of(config.timeout());
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(
                                new PublicAddresses(names, config.allowedHosts().orElse(Set.of())))
                        .setMaxConnTotal(config.parallelFetches())
                        .setMaxConnPerRoute(config.parallelFetches())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(config.connectTimeout()))
                                .setSocketTimeout(timeout)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(timeout)
                        .setConnectionRequestTimeout(timeout)
                        .build())
                .setUserAgent(USER_AGENT)
                .disableRedirectHandling()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableAutomaticRetries()
                .build();
    }

    /** @throws UnavailableException when it cannot be had within the limits */
    byte[] fetch(Source.Web source) throws UnavailableException {
        long deadline = System.nanoTime() + timeout.toNanos();
        URI uri = source.uri();
        for (int redirects = 0; redirects <= maxRedirects; redirects++) {
            HttpGet request = new HttpGet(uri);
            ScheduledFuture<?> abort =
                    deadlines.schedule(request::abort, Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            try {
                Answer answer = client.join().execute(request, response -> answer(request, response));
                if (answer.bytes() != null) {
                    return answer.bytes();
                }
                uri = Source.web(uri.resolve(answer.location()).toString()).uri();
            } catch (PublicAddresses.ForbiddenHostException e) {
                throw new UnavailableException("the host may not be reached", e);
            } catch (RefusedException e) {
                throw new UnavailableException(e.getMessage(), e);
            } catch (IOException e) {
                throw new UnavailableException(
                        System.nanoTime() >= deadline
                                ? "it did not come within %.1f s".formatted(timeout.toMillis() / 1e3)
                                : "the host cannot be reached",
                        e);
            } catch (IllegalArgumentException e) {
                throw new UnavailableException("the address is malformed", e);
            } finally {
                abort.cancel(false);
            }
        }
        throw new UnavailableException("more than " + maxRedirects + " redirects");
    }

    /** The file, or where it is instead; one of the two is null. */
    private record Answer(byte[] bytes, String location) {}

    /** What the server sent is not wanted. */
    private static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    private Answer answer(HttpGet request, ClassicHttpResponse response) throws IOException {
        Header location = response.getFirstHeader(HttpHeaders.LOCATION);
        if (REDIRECTS.contains(response.getCode()) && location != null) {
            return new Answer(null, location.getValue());
        }
        if (response.getCode() != 200 || response.getEntity() == null) {
            throw new RefusedException("the host answered with " + response.getCode());
        }
        if (response.getEntity().getContentLength() > maxBytes) {
            throw tooLong(request);
        }
        InputStream in = response.getEntity().getContent();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[16_384];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            bytes.write(chunk, 0, read);
            if (bytes.size() > maxBytes) {
                throw tooLong(request);
            }
        }
        return new Answer(bytes.toByteArray(), null);
    }

    /** Hangs up first: the client would read the rest before it closes the connection. */
    private RefusedException tooLong(HttpGet request) {
        request.abort();
        return new RefusedException("it is longer than " + maxBytes + " bytes");
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
        client.thenAccept(built -> built.close(CloseMode.IMMEDIATE));
    }
}
