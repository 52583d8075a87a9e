package dev.plaudit.media;

import java.net.InetAddress;
import java.util.function.Function;
import org.apache.hc.client5.http.DnsResolver;

/** Names that resolve as a test says. */
record FixedNames(Function<String, InetAddress[]> names) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) {
        return names.apply(host);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
