package dev.plaudit.knative;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.knative.serving.v1.Service;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every deployment promises of safety, scaling and time, in each overlay. */
class PolicyTest {
    private static final String GPU = "nvidia.com/gpu";
    private static final String GPU_NODE = "nvidia.com/gpu.present";
    private static final String AUTOSCALING = "autoscaling.knative.dev/";

    private static String name(HasMetadata resource) {
        return resource.getMetadata().getName();
    }

    private static boolean hasGpu(Service function) {
        return Overlay.container(function).getResources().getLimits().containsKey(GPU);
    }

    private static Stream<Overlay> withGpus() throws IOException, InterruptedException {
        return Stream.of(Overlay.of("gpu"), Overlay.of("kafka"));
    }

    private static Stream<Overlay> withoutGpus() throws IOException, InterruptedException {
        return Stream.of(Overlay.of("gpu-none"), Overlay.of("single-node"));
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void theNamespaceAdmitsOnlyRestrictedPods(Overlay overlay) {
        assertThat(overlay.all(Namespace.class)).singleElement().satisfies(namespace -> assertThat(
                        namespace.getMetadata().getLabels())
                .containsEntry("pod-security.kubernetes.io/enforce", "restricted"));
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void functionsPassTheRestrictedPodSecurityStandard(Overlay overlay) {
        for (Service function : overlay.functions()) {
            var pod = Overlay.pod(function);
            assertThat(pod.getHostNetwork()).isNull();
            assertThat(pod.getHostPID()).isNull();
            assertThat(pod.getHostIPC()).isNull();
            assertThat(pod.getInitContainers()).isEmpty();
            assertRestricted(Overlay.container(function), pod.getVolumes());
        }
    }

    @Test
    void theJobThatFetchesModelsPassesItToo() throws IOException, InterruptedException {
        Path folder = Path.of(System.getProperty("plaudit.root"), "knative/models");
        PodSpec pod = Overlay.build(folder).stream()
                .filter(Job.class::isInstance)
                .map(job -> ((Job) job).getSpec().getTemplate().getSpec())
                .findFirst()
                .orElseThrow();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getContainers())
                .hasSize(2)
                .allSatisfy(PolicyTest::assertUnprivileged)
                .allSatisfy(container -> assertThat(container.getArgs())
                        .as("a model, and where it goes")
                        .hasSize(2));
        assertVolumes(pod.getVolumes());
    }

    private static void assertRestricted(Container container, List<Volume> volumes) {
        SecurityContext security = container.getSecurityContext();
        assertThat(security.getRunAsNonRoot()).as(container.getName()).isTrue();
        assertThat(security.getRunAsUser()).as(container.getName()).isPositive();
        assertThat(security.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertUnprivileged(container);
        assertVolumes(volumes);
    }

    private static void assertUnprivileged(Container container) {
        SecurityContext security = container.getSecurityContext();
        assertThat(security.getAllowPrivilegeEscalation())
                .as(container.getName())
                .isFalse();
        assertThat(security.getPrivileged()).as(container.getName()).isNull();
        assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(security.getCapabilities().getAdd()).isEmpty();
        assertThat(security.getReadOnlyRootFilesystem()).as(container.getName()).isTrue();
        assertThat(container.getPorts())
                .allSatisfy(port -> assertThat(port.getHostPort()).isNull());
    }

    /** A volume is a claim or an empty folder; all other sources are null. */
    private static void assertVolumes(List<Volume> volumes) {
        assertThat(volumes).allSatisfy(volume -> assertThat(
                        volume.getEmptyDir() != null || volume.getPersistentVolumeClaim() != null)
                .as(volume.getName())
                .isTrue());
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void nobodyGetsATokenOfTheCluster(Overlay overlay) {
        assertThat(overlay.all(ServiceAccount.class)).isNotEmpty().allSatisfy(account -> assertThat(
                        account.getAutomountServiceAccountToken())
                .as(name(account))
                .isFalse());
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void onlyTheGatewayCanBeSeenFromOutside(Overlay overlay) {
        for (Service function : overlay.functions()) {
            String visibility = function.getMetadata().getLabels().get("networking.knative.dev/visibility");
            assertThat(visibility)
                    .as(name(function))
                    .isEqualTo(name(function).equals("gateway") ? null : "cluster-local");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void everyFunctionButAGatewayThatWorksOnJobsScalesToZeroAndAllHaveABound(Overlay overlay) {
        for (Service function : overlay.functions()) {
            boolean hasJobs = name(function).equals("gateway") && overlay.hasJobs();
            assertThat(Overlay.annotation(function, AUTOSCALING + "min-scale"))
                    .as(name(function))
                    .hasValue(hasJobs ? "1" : "0");
            assertThat(Overlay.annotation(function, AUTOSCALING + "max-scale").map(Integer::valueOf))
                    .as(name(function))
                    .hasValueSatisfying(scale -> assertThat(scale).isBetween(1, 10));
            assertThat(Overlay.annotation(function, AUTOSCALING + "scale-down-delay"))
                    .as(name(function))
                    .isPresent();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void aReplicaTakesABoundedNumberOfEventsAndAimsForNoMore(Overlay overlay) {
        for (Service function : overlay.functions()) {
            long concurrency = Overlay.pod(function).getContainerConcurrency();
            assertThat(concurrency).as(name(function)).isPositive();
            assertThat(Overlay.annotation(function, AUTOSCALING + "target").map(Long::valueOf))
                    .as(name(function))
                    .hasValueSatisfying(target -> assertThat(target).isBetween(1L, concurrency));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void everyFunctionSaysWhatMemoryItNeedsAndMayHave(Overlay overlay) {
        for (Service function : overlay.functions()) {
            var resources = Overlay.container(function).getResources();
            assertThat(resources.getRequests()).as(name(function)).containsKeys("cpu", "memory");
            assertThat(bytes(resources.getLimits()))
                    .as(name(function))
                    .isGreaterThanOrEqualTo(bytes(resources.getRequests()));
        }
    }

    private static long bytes(Map<String, Quantity> quantities) {
        return Quantity.getAmountInBytes(quantities.get("memory")).longValueExact();
    }

    /** Zeroes make Knative ask every few milliseconds; a period in seconds would be added to each cold start. */
    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void everyFunctionIsAskedWhetherItIsReadyAndAlive(Overlay overlay) {
        for (Service function : overlay.functions()) {
            Probe ready = Overlay.container(function).getReadinessProbe();
            assertThat(ready.getHttpGet().getPath()).isEqualTo("/q/health/ready");
            assertThat(ready.getPeriodSeconds()).as(name(function)).isZero();
            assertThat(ready.getTimeoutSeconds()).as(name(function)).isZero();
            assertThat(ready.getFailureThreshold()).as(name(function)).isZero();
            assertThat(ready.getInitialDelaySeconds()).as(name(function)).isZero();
            Probe alive = Overlay.container(function).getLivenessProbe();
            assertThat(alive.getHttpGet().getPath()).isEqualTo("/q/health/live");
            assertThat(alive.getInitialDelaySeconds()).as(name(function)).isGreaterThanOrEqualTo(30);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void timeoutsAreThoseThatKnativeAllows(Overlay overlay) {
        assertThat(overlay.functions())
                .allSatisfy(function -> assertThat(Overlay.pod(function).getTimeoutSeconds())
                        .as(name(function))
                        .isBetween(30L, 600L));
    }

    /** Knative's own limit until an answer begins is 300 s, unless the function's whole time is shorter. */
    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void anAnswerMayBeginAsLateAsItMayEnd(Overlay overlay) {
        assertThat(overlay.functions())
                .filteredOn(function -> Overlay.pod(function).getTimeoutSeconds() > 300)
                .isNotEmpty()
                .allSatisfy(function -> assertThat(Overlay.pod(function).getResponseStartTimeoutSeconds())
                        .as(name(function))
                        .isEqualTo(Overlay.pod(function).getTimeoutSeconds()));
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void theGatewayHasRoomForFourOfTheLongestUploadsAndTheirCopies(Overlay overlay) {
        Service gateway = overlay.functions().stream()
                .filter(function -> name(function).equals("gateway"))
                .findAny()
                .orElseThrow();
        assertThat(Overlay.pod(gateway).getVolumes())
                .filteredOn(volume -> volume.getName().equals("tmp"))
                .singleElement()
                .satisfies(tmp -> assertThat(
                                Quantity.getAmountInBytes(tmp.getEmptyDir().getSizeLimit()))
                        .isGreaterThan(new BigDecimal(2L * 4 * (100 << 20))));
    }

    @ParameterizedTest
    @MethodSource("withGpus")
    void captionAndGenerateAloneRunOnGpuNodesWithOneGpu(Overlay overlay) {
        assertThat(overlay.functions().stream().filter(PolicyTest::hasGpu).map(PolicyTest::name))
                .containsExactlyInAnyOrderElementsOf(Overlay.GPU_FUNCTIONS);
        for (String name : Overlay.GPU_FUNCTIONS) {
            Service function = overlay.function(name);
            assertThat(Overlay.container(function).getResources().getLimits().get(GPU))
                    .isEqualTo(Quantity.parse("1"));
            assertThat(Overlay.pod(function).getNodeSelector()).containsEntry(GPU_NODE, "true");
            assertThat(Overlay.pod(function).getTolerations()).singleElement().satisfies(toleration -> {
                assertThat(toleration.getKey()).isEqualTo(GPU);
                assertThat(toleration.getOperator()).isEqualTo("Exists");
                assertThat(toleration.getEffect()).isEqualTo("NoSchedule");
            });
        }
    }

    @ParameterizedTest
    @MethodSource("withGpus")
    void gpusAreNotHeldBeforeTheFirstEventAndKeptAWhileAfterTheLast(Overlay overlay) {
        for (String name : Overlay.GPU_FUNCTIONS) {
            Service function = overlay.function(name);
            assertThat(Overlay.annotation(function, AUTOSCALING + "initial-scale"))
                    .hasValue("0");
            assertThat(Overlay.annotation(function, AUTOSCALING + "scale-to-zero-pod-retention-period"))
                    .hasValue("15m");
            assertThat(Overlay.annotation(function, AUTOSCALING + "target"))
                    .hasValue(Overlay.pod(function).getContainerConcurrency().toString());
        }
    }

    @ParameterizedTest
    @MethodSource("withGpus")
    void aGpuNodesOwnStartIsNotTakenForAFailure(Overlay overlay) {
        for (String name : Overlay.GPU_FUNCTIONS) {
            Service function = overlay.function(name);
            assertThat(Overlay.annotation(function, "serving.knative.dev/progress-deadline"))
                    .hasValue("1800s");
            Probe started = Overlay.container(function).getStartupProbe();
            assertThat(started.getHttpGet().getPath()).isEqualTo("/q/health/started");
            assertThat(started.getPeriodSeconds() * started.getFailureThreshold())
                    .isGreaterThanOrEqualTo(600);
        }
    }

    @ParameterizedTest
    @MethodSource("withGpus")
    void largeModelsAreReadFromAVolumeThatCannotBeWritten(Overlay overlay) {
        for (String name : Overlay.GPU_FUNCTIONS) {
            Service function = overlay.function(name);
            assertThat(Overlay.pod(function).getVolumes())
                    .filteredOn(volume -> volume.getPersistentVolumeClaim() != null)
                    .singleElement()
                    .satisfies(volume -> assertThat(
                                    volume.getPersistentVolumeClaim().getReadOnly())
                            .isTrue());
            assertThat(Overlay.container(function).getVolumeMounts())
                    .filteredOn(mount -> mount.getName().equals("models"))
                    .singleElement()
                    .satisfies(mount -> assertThat(mount.getReadOnly()).isTrue());
            assertThat(overlay.environment(function).values())
                    .anySatisfy(value -> assertThat(value).startsWith("/models/"));
        }
    }

    /** What is stored in another precision is converted in memory at each start: 27 GB of Llama 2 in single precision. */
    @ParameterizedTest
    @MethodSource("withGpus")
    void theLargeWriterRunsInTheNumbersThatItIsStoredIn(Overlay overlay) {
        assertThat(overlay.environment(overlay.function("generate")))
                .containsEntry("PLAUDIT_GENERATE_PRECISION", "fp16");
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void functionsWithoutAGpuKeepOffGpuNodes(Overlay overlay) {
        for (Service function : overlay.functions().stream()
                .filter(function -> !Overlay.GPU_FUNCTIONS.contains(name(function)))
                .toList()) {
            assertThat(Overlay.pod(function).getTolerations())
                    .as(name(function))
                    .isEmpty();
            Affinity affinity = Overlay.pod(function).getAffinity();
            assertThat(affinity.getNodeAffinity()
                            .getRequiredDuringSchedulingIgnoredDuringExecution()
                            .getNodeSelectorTerms())
                    .as(name(function))
                    .singleElement()
                    .satisfies(term -> assertThat(term.getMatchExpressions())
                            .singleElement()
                            .satisfies(expression -> {
                                assertThat(expression.getKey()).isEqualTo(GPU_NODE);
                                assertThat(expression.getOperator()).isEqualTo("DoesNotExist");
                            }));
        }
    }

    @ParameterizedTest
    @MethodSource("withoutGpus")
    void nothingWaitsForAGpuWhereThereIsNone(Overlay overlay) {
        assertThat(overlay.functions()).noneMatch(PolicyTest::hasGpu).allSatisfy(function -> {
            assertThat(Overlay.pod(function).getNodeSelector()).isEmpty();
            assertThat(overlay.environment(function).values())
                    .noneSatisfy(value -> assertThat(value).startsWith("/models/"));
        });
    }
}
