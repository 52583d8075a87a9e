package dev.plaudit.knative;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.knative.eventing.v1.Broker;
import io.fabric8.knative.eventing.v1.Trigger;
import io.fabric8.knative.serving.v1.Service;
import io.fabric8.knative.sources.v1.KafkaSource;
import io.fabric8.knative.sources.v1.SinkBinding;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a manifest names is there, under that name and in that namespace. */
class ReferencesTest {
    private static final String SERVING = "serving.knative.dev/v1";

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void everyStepOfTheRouteIsThereAndTheDeadLetters(Overlay overlay) {
        List<String> expected = new ArrayList<>(Overlay.steps());
        expected.add("dead-letters");

        assertThat(overlay.functions().stream()
                        .map(function -> function.getMetadata().getName()))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void everythingIsInTheNamespaceAndThereOnce(Overlay overlay) {
        assertThat(overlay.all(Namespace.class))
                .extracting(namespace -> namespace.getMetadata().getName())
                .containsExactly(Overlay.NAMESPACE);
        assertThat(overlay.resources().stream().filter(resource -> !(resource instanceof Namespace)))
                .allSatisfy(resource ->
                        assertThat(resource.getMetadata().getNamespace()).isEqualTo(Overlay.NAMESPACE));
        assertThat(overlay.resources().stream().map(ReferencesTest::identity)).doesNotHaveDuplicates();
    }

    private static String identity(HasMetadata resource) {
        return resource.getApiVersion() + " " + resource.getKind() + " "
                + resource.getMetadata().getName();
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void serviceAccountsConfigMapsAndClaimsResolve(Overlay overlay) {
        for (Service function : overlay.functions()) {
            String name = function.getMetadata().getName();
            var pod = Overlay.pod(function);
            assertThat(pod.getServiceAccountName()).as(name).isEqualTo(name);
            assertThat(overlay.has("v1", "ServiceAccount", pod.getServiceAccountName()))
                    .as("service account of " + name)
                    .isTrue();
            assertThat(Overlay.container(function).getEnvFrom())
                    .as(name)
                    .isNotEmpty()
                    .allSatisfy(source -> assertThat(overlay.has(
                                    "v1", "ConfigMap", source.getConfigMapRef().getName()))
                            .as(source.getConfigMapRef().getName())
                            .isTrue());
            assertThat(pod.getVolumes().stream()
                            .map(Volume::getPersistentVolumeClaim)
                            .filter(Objects::nonNull))
                    .allSatisfy(claim -> assertThat(overlay.has("v1", "PersistentVolumeClaim", claim.getClaimName()))
                            .as(claim.getClaimName())
                            .isTrue());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void everyVolumeIsMountedAndEveryMountHasItsVolume(Overlay overlay) {
        for (Service function : overlay.functions()) {
            assertThat(Overlay.container(function).getVolumeMounts().stream().map(VolumeMount::getName))
                    .as(function.getMetadata().getName())
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(Overlay.pod(function).getVolumes().stream()
                            .map(Volume::getName)
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void noConfigMapIsLeftOver(Overlay overlay) {
        Stream<String> used = Stream.concat(
                overlay.functions().stream()
                        .flatMap(function -> Overlay.container(function).getEnvFrom().stream())
                        .map(source -> source.getConfigMapRef().getName()),
                overlay.all(Broker.class).stream()
                        .map(broker -> broker.getSpec())
                        .filter(Objects::nonNull)
                        .map(spec -> spec.getConfig().getName()));

        assertThat(overlay.all(ConfigMap.class))
                .extracting(map -> map.getMetadata().getName())
                .containsExactlyInAnyOrderElementsOf(used.toList());
    }

    /** Knative refuses a Kafka broker without them, of a topic of its own or not. */
    @Test
    void theKafkaBrokersConfigTellsHowATopicIsMade() throws IOException, InterruptedException {
        assertThat(Overlay.of("kafka").all(ConfigMap.class))
                .filteredOn(map -> map.getMetadata().getName().equals("kafka-broker"))
                .singleElement()
                .satisfies(map -> assertThat(map.getData())
                        .containsKey("bootstrap.servers")
                        .extractingByKeys("default.topic.partitions", "default.topic.replication.factor")
                        .allSatisfy(value -> assertThat(Integer.parseInt(value)).isPositive()));
    }

    /** Without a number Knative takes the container's only port; a number must be that port's. */
    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void probesAskTheContainersOnlyPort(Overlay overlay) {
        for (Service function : overlay.functions()) {
            Container container = Overlay.container(function);
            assertThat(container.getPorts())
                    .as(container.getName())
                    .singleElement()
                    .satisfies(port -> {
                        assertThat(port.getContainerPort()).isEqualTo(8080);
                        assertThat(port.getName()).isEqualTo("http1");
                    });
            Stream.of(container.getReadinessProbe(), container.getLivenessProbe(), container.getStartupProbe())
                    .filter(Objects::nonNull)
                    .map(Probe::getHttpGet)
                    .forEach(get -> assertThat(get.getPort())
                            .as(container.getName() + " " + get.getPath())
                            .isNull());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void triggersNameABrokerAFunctionAndADeadLetterSink(Overlay overlay) {
        assertThat(overlay.all(Trigger.class)).isNotEmpty().allSatisfy(trigger -> {
            assertThat(overlay.has(
                            "eventing.knative.dev/v1",
                            "Broker",
                            trigger.getSpec().getBroker()))
                    .isTrue();
            assertResolves(overlay, trigger.getSpec().getSubscriber().getRef());
            assertResolves(
                    overlay, trigger.getSpec().getDelivery().getDeadLetterSink().getRef());
        });
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void sourcesAndBindingsNameWhatIsThere(Overlay overlay) {
        for (KafkaSource source : overlay.all(KafkaSource.class)) {
            assertResolves(overlay, source.getSpec().getSink().getRef());
            assertResolves(
                    overlay, source.getSpec().getDelivery().getDeadLetterSink().getRef());
        }
        assertThat(overlay.all(SinkBinding.class)).isNotEmpty().allSatisfy(binding -> {
            assertResolves(overlay, binding.getSpec().getSink().getRef());
            var subject = binding.getSpec().getSubject();
            assertThat(overlay.has(subject.getApiVersion(), subject.getKind(), subject.getName()))
                    .isTrue();
        });
    }

    private static void assertResolves(Overlay overlay, io.fabric8.knative.duck.v1.KReference reference) {
        assertThat(overlay.has(reference.getApiVersion(), reference.getKind(), reference.getName()))
                .as(reference.toString())
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void everyFunctionHasAnImageOfItsOwn(Overlay overlay) {
        assertThat(overlay.functions())
                .allSatisfy(function -> assertThat(Overlay.container(function).getImage())
                        .matches("docker\\.io/plaudit/" + function.getMetadata().getName() + ":\\d+\\.\\d+\\.\\d+"));
        assertThat(overlay.functions().getFirst().getApiVersion()).isEqualTo(SERVING);
    }
}
