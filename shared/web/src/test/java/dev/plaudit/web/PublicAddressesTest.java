package dev.plaudit.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Set;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.impl.InMemoryDnsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "127.0.0.1",
                "127.255.0.9",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "192.0.0.8",
                "198.18.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "2001:db8::1",
                "2001::1",
                "100::1"
            })
    void aSpecialAddressIsNotPublic(String address) {
        assertThat(PublicAddresses.isPublic(InetAddress.ofLiteral(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"})
    void anAddressGivenOutToTheWorldIsPublic(String address) {
        assertThat(PublicAddresses.isPublic(InetAddress.ofLiteral(address))).isTrue();
    }

    /** Forms that some resolvers read as 127.0.0.1. */
    @ParameterizedTest
    @ValueSource(strings = {"127.1", "2130706433", "localhost", "127.0.0.1"})
    void disguisesOfThisMachineAreSeenThrough(String host) {
        PublicAddresses addresses = new PublicAddresses(SystemDefaultDnsResolver.INSTANCE, Set.of());
        assertThatThrownBy(() -> addresses.resolve(host)).isInstanceOf(java.net.UnknownHostException.class);
    }

    @Test
    void oneSpecialAddressAmongPublicOnesIsEnoughToRefuse() {
        InMemoryDnsResolver names = new InMemoryDnsResolver();
        names.add("two.test", InetAddress.ofLiteral("8.8.8.8"), InetAddress.ofLiteral("10.0.0.1"));
        PublicAddresses addresses = new PublicAddresses(names, Set.of());
        assertThatThrownBy(() -> addresses.resolve("two.test"))
                .isInstanceOf(PublicAddresses.ForbiddenHostException.class);
    }

    @Test
    void aHostThatTheDeploymentAllowsIsReachedAnyway() throws Exception {
        InMemoryDnsResolver names = new InMemoryDnsResolver();
        names.add("MEDIA.intern", InetAddress.ofLiteral("10.0.0.1"));
        PublicAddresses addresses = new PublicAddresses(names, Set.of("Media.Intern"));
        assertThat(addresses.resolve("MEDIA.intern")).containsExactly(InetAddress.ofLiteral("10.0.0.1"));
    }
}
