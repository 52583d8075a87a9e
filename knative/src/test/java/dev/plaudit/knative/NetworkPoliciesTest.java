package dev.plaudit.knative;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.knative.serving.v1.Service;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who reaches whom, by the rules of Kubernetes: what no policy admits is refused once a policy selects the pod. */
class NetworkPoliciesTest {
    private static final Set<String> KNATIVE = Set.of("knative-serving", "knative-eventing", "kourier-system");
    private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

    private static boolean matches(LabelSelector selector, Map<String, String> labels) {
        return labels.entrySet().containsAll(selector.getMatchLabels().entrySet())
                && selector.getMatchExpressions().stream().allMatch(expression -> matches(expression, labels));
    }

    private static boolean matches(LabelSelectorRequirement expression, Map<String, String> labels) {
        String value = labels.get(expression.getKey());
        return switch (expression.getOperator()) {
            case "In" -> expression.getValues().contains(value);
            case "NotIn" -> !expression.getValues().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> throw new IllegalArgumentException(expression.getOperator());
        };
    }

    private static Stream<NetworkPolicy> policies(Overlay overlay, Service function, String type) {
        return overlay.all(NetworkPolicy.class).stream()
                .filter(policy -> policy.getSpec().getPolicyTypes().contains(type))
                .filter(policy -> matches(policy.getSpec().getPodSelector(), Overlay.labels(function)));
    }

    private static boolean admits(List<NetworkPolicyPeer> peers, String namespace) {
        return peers.isEmpty()
                || peers.stream()
                        .filter(peer -> peer.getNamespaceSelector() != null)
                        .anyMatch(peer -> matches(peer.getNamespaceSelector(), Map.of(NAMESPACE_NAME, namespace)));
    }

    private static boolean admits(List<NetworkPolicyPort> ports, int port) {
        return ports.isEmpty()
                || ports.stream().anyMatch(admitted -> admitted.getPort().getIntVal() == port);
    }

    /** The namespaces from which a port of a function is reached. */
    private static Set<String> callers(Overlay overlay, Service function, int port) {
        Set<String> callers = new TreeSet<>();
        for (String namespace : namespaces()) {
            if (policies(overlay, function, "Ingress")
                    .flatMap(policy -> policy.getSpec().getIngress().stream())
                    .anyMatch(rule -> admits(rule.getFrom(), namespace) && admits(rule.getPorts(), port))) {
                callers.add(namespace);
            }
        }
        return callers;
    }

    /** The namespaces that a function reaches at a port. */
    private static Set<String> called(Overlay overlay, Service function, int port) {
        Set<String> called = new TreeSet<>();
        for (String namespace : namespaces()) {
            if (policies(overlay, function, "Egress")
                    .flatMap(policy -> policy.getSpec().getEgress().stream())
                    .anyMatch(rule -> admits(rule.getTo(), namespace) && admits(rule.getPorts(), port))) {
                called.add(namespace);
            }
        }
        return called;
    }

    private static List<String> namespaces() {
        return Stream.concat(
                        KNATIVE.stream(),
                        Stream.of("monitoring", "kube-system", "postgresql", "default", Overlay.NAMESPACE))
                .toList();
    }

    private static boolean reachesInternet(Overlay overlay, Service function) {
        return policies(overlay, function, "Egress")
                .flatMap(policy -> policy.getSpec().getEgress().stream())
                .flatMap(rule -> rule.getTo().stream())
                .anyMatch(peer -> peer.getIpBlock() != null);
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void nothingIsOpenUnlessAPolicySaysSo(Overlay overlay) {
        assertThat(overlay.all(NetworkPolicy.class))
                .filteredOn(policy -> policy.getSpec().getPodSelector().equals(new LabelSelector()))
                .filteredOn(policy -> policy.getSpec().getIngress().isEmpty()
                        && policy.getSpec().getEgress().isEmpty())
                .singleElement()
                .satisfies(policy ->
                        assertThat(policy.getSpec().getPolicyTypes()).containsExactlyInAnyOrder("Ingress", "Egress"));
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void onlyKnativesProxiesReachAFunctionsDoor(Overlay overlay) {
        assertThat(overlay.functions()).allSatisfy(function -> {
            assertThat(callers(overlay, function, 8012)).containsExactlyInAnyOrderElementsOf(KNATIVE);
            assertThat(callers(overlay, function, 8080)).containsExactly("monitoring");
        });
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void onlyTheGatewayAndTheDeadLettersCallOthers(Overlay overlay) {
        for (Service function : overlay.functions()) {
            boolean caller = Set.of("gateway", "dead-letters")
                    .contains(function.getMetadata().getName());
            assertThat(called(overlay, function, 8081))
                    .as(function.getMetadata().getName())
                    .isEqualTo(caller ? KNATIVE : Set.of());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void everyFunctionResolvesNames(Overlay overlay) {
        assertThat(overlay.functions()).allSatisfy(function -> assertThat(called(overlay, function, 53))
                .contains("kube-system"));
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void onlyThoseThatFetchPicturesAndAGatewayThatCallsWebhooksReachTheInternet(Overlay overlay) {
        assertThat(overlay.functions().stream()
                        .filter(function -> reachesInternet(overlay, function))
                        .map(function -> function.getMetadata().getName()))
                .containsExactlyInAnyOrderElementsOf(
                        overlay.hasJobs() ? Set.of("caption", "ocr", "gateway") : Set.of("caption", "ocr"));
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void onlyAGatewayThatWorksOnJobsReachesTheirDatabase(Overlay overlay) {
        for (Service function : overlay.functions()) {
            boolean hasJobs = function.getMetadata().getName().equals("gateway") && overlay.hasJobs();
            assertThat(called(overlay, function, 5432).contains("postgresql"))
                    .as(function.getMetadata().getName())
                    .isEqualTo(hasJobs);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void everyPolicySelectsSomething(Overlay overlay) {
        assertThat(overlay.all(NetworkPolicy.class)).allSatisfy(policy -> assertThat(overlay.functions())
                .as(policy.getMetadata().getName())
                .anyMatch(function -> matches(policy.getSpec().getPodSelector(), Overlay.labels(function))));
    }
}
