package dev.plaudit.web;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves a host's name, and refuses it when any of its addresses is not public: who gives an address to be called
 * must not reach through it what only this machine can. The client connects to the very addresses returned here, so a name
 * cannot turn private between the check and the connection.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IANA's registries of special addresses</a>
 */
public final class PublicAddresses implements DnsResolver {
    /** The host may not be reached. */
    public static final class ForbiddenHostException extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        ForbiddenHostException(String host) {
            super(host);
        }
    }

    private record Block(byte[] prefix, int bits) {
        static Block of(String block) {
            String[] parts = block.split("/");
            return new Block(InetAddress.ofLiteral(parts[0]).getAddress(), Integer.parseInt(parts[1]));
        }

        boolean holds(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if ((address[bit >> 3] & mask) != (prefix[bit >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Block> NOT_PUBLIC_V4 = blocks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4");

    /** Global unicast is what IANA has given out; of it, what is for documentation, protocols and tunnels. */
    private static final Block GLOBAL_UNICAST_V6 = Block.of("2000::/3");

    private static final List<Block> NOT_PUBLIC_V6 = blocks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    private final DnsResolver names;
    private final Set<String> allowedHosts;

    /**
     * @param names how names resolve, before the check
     * @param allowedHosts names, in any case, that are taken as they resolve
     */
    public PublicAddresses(DnsResolver names, Set<String> allowedHosts) {
        this.names = names;
        this.allowedHosts = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        this.allowedHosts.addAll(allowedHosts);
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = names.resolve(host);
        boolean allowed = allowedHosts.contains(host);
        if (!allowed && !Arrays.stream(addresses).allMatch(PublicAddresses::isPublic)) {
            throw new ForbiddenHostException(host);
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    /** Whether an address may be called. Java turns IPv4-mapped IPv6 addresses into IPv4 addresses by itself, so that those are judged as such. */
    public static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        return switch (address) {
            case Inet4Address v4 -> NOT_PUBLIC_V4.stream().noneMatch(block -> block.holds(bytes));
            case Inet6Address v6 ->
                GLOBAL_UNICAST_V6.holds(bytes) && NOT_PUBLIC_V6.stream().noneMatch(block -> block.holds(bytes));
            default -> false;
        };
    }

    private static List<Block> blocks(String... blocks) {
        return Arrays.stream(blocks).map(Block::of).toList();
    }
}
