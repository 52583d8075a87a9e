package dev.plaudit.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.plaudit.web.PublicAddresses;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The cluster's network lets through exactly the addresses that the code itself would call. */
class PicturesFromInternetTest {
    private record Block(BigInteger first, BigInteger last, int bytes) {
        static Block of(String cidr) {
            String[] parts = cidr.split("/");
            byte[] address = InetAddress.ofLiteral(parts[0]).getAddress();
            BigInteger first = new BigInteger(1, address);
            BigInteger size = BigInteger.TWO.pow(address.length * 8 - Integer.parseInt(parts[1]));
            return new Block(first, first.add(size).subtract(BigInteger.ONE), address.length);
        }

        boolean holds(InetAddress address) {
            BigInteger number = new BigInteger(1, address.getAddress());
            return address.getAddress().length == bytes && number.compareTo(first) >= 0 && number.compareTo(last) <= 0;
        }
    }

    private record Rule(Block block, List<Block> except) {
        boolean admits(InetAddress address) {
            return block.holds(address) && except.stream().noneMatch(hole -> hole.holds(address));
        }
    }

    private static List<Rule> rules() throws IOException {
        Path file = Path.of(System.getProperty("plaudit.root"), "src/main/kubernetes/network-policies.yaml");
        YAMLMapper yaml = new YAMLMapper();
        try (var policies = yaml.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            while (policies.hasNext()) {
                JsonNode policy = policies.next();
                if (policy.at("/metadata/name").asText().equals("pictures-from-internet")) {
                    return StreamSupport.stream(policy.at("/spec/egress/0/to").spliterator(), false)
                            .map(peer -> peer.get("ipBlock"))
                            .map(block -> new Rule(
                                    Block.of(block.get("cidr").asText()),
                                    StreamSupport.stream(block.get("except").spliterator(), false)
                                            .map(hole -> Block.of(hole.asText()))
                                            .toList()))
                            .toList();
                }
            }
        }
        throw new IllegalStateException(file + " has no policy pictures-from-internet");
    }

    private static InetAddress address(BigInteger number, int bytes) throws UnknownHostException {
        byte[] address = new byte[bytes];
        byte[] value = number.mod(BigInteger.TWO.pow(bytes * 8)).toByteArray();
        int length = Math.min(value.length, bytes);
        System.arraycopy(value, value.length - length, address, bytes - length, length);
        return InetAddress.getByAddress(address);
    }

    /** The edges of every block, one address beyond them, and many others. */
    private static List<InetAddress> probes(List<Rule> rules) throws UnknownHostException {
        List<InetAddress> probes = new ArrayList<>();
        for (Rule rule : rules) {
            List<Block> blocks = new ArrayList<>(rule.except());
            blocks.add(rule.block());
            for (Block block : blocks) {
                for (BigInteger edge : List.of(
                        block.first(),
                        block.last(),
                        block.first().subtract(BigInteger.ONE),
                        block.last().add(BigInteger.ONE))) {
                    probes.add(address(edge, block.bytes()));
                }
            }
        }
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            probes.add(address(new BigInteger(32, random), 4));
            probes.add(address(new BigInteger(128, random), 16));
        }
        return probes;
    }

    @Test
    void theyAreThePublicOnes() throws IOException {
        List<Rule> rules = rules();

        assertThat(probes(rules))
                .allSatisfy(address -> assertThat(rules.stream().anyMatch(rule -> rule.admits(address)))
                        .as(address.toString())
                        .isEqualTo(PublicAddresses.isPublic(address)));
    }
}
