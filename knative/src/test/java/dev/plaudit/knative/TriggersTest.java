package dev.plaudit.knative;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.events.Extensions;
import dev.plaudit.events.Route;
import dev.plaudit.gateway.jobs.JobsConfig;
import io.fabric8.knative.eventing.v1.Trigger;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The broker sends events where the route says, insists as long as it makes sense, and loses none. */
class TriggersTest {
    /** An edge as a broker has it: the attributes that must match exactly, and the function. */
    private record Delivery(Map<String, String> attributes, String function) {
        static Delivery of(Route.Edge edge) {
            Map<String, String> attributes = new TreeMap<>(Map.of("type", edge.type()));
            if (edge.task() != null) {
                attributes.put(Extensions.TASK, edge.task().value());
            }
            if (edge.media() != null) {
                attributes.put(Extensions.MEDIA, edge.media());
            }
            return new Delivery(attributes, edge.step().function());
        }

        static Delivery of(Trigger trigger) {
            return new Delivery(
                    new TreeMap<>(trigger.getSpec().getFilter().getAttributes()),
                    trigger.getSpec().getSubscriber().getRef().getName());
        }
    }

    private static List<Trigger> triggers(Overlay overlay) {
        return overlay.all(Trigger.class);
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void areTheRoute(Overlay overlay) {
        assertThat(triggers(overlay).stream().map(Delivery::of))
                .containsExactlyInAnyOrderElementsOf(
                        Route.EDGES.stream().map(Delivery::of).toList());
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void filterByExactMatchesAndNothingElse(Overlay overlay) {
        for (Trigger trigger : triggers(overlay)) {
            assertThat(trigger.getSpec().getFilters()).as(name(trigger)).isEmpty();
            assertThat(trigger.getSpec().getFilter().getAttributes())
                    .as(name(trigger))
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void tryAgainWithGrowingWaitsAndEndAtTheDeadLetters(Overlay overlay) {
        for (Trigger trigger : triggers(overlay)) {
            var delivery = trigger.getSpec().getDelivery();
            assertThat(delivery.getRetry()).as(name(trigger)).isBetween(3, 12);
            assertThat(delivery.getBackoffPolicy()).as(name(trigger)).isEqualTo("exponential");
            assertThat(Duration.parse(delivery.getBackoffDelay()))
                    .as(name(trigger))
                    .isPositive();
            assertThat(delivery.getDeadLetterSink().getRef().getName())
                    .as(name(trigger))
                    .isEqualTo("dead-letters");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void waitAsLongAsTheFunctionMayWork(Overlay overlay) {
        for (Trigger trigger : triggers(overlay).stream()
                .filter(trigger -> !Delivery.of(trigger).function().equals("gateway"))
                .toList()) {
            Duration timeout = Duration.parse(trigger.getSpec().getDelivery().getTimeout());
            long work = Overlay.pod(overlay.function(Delivery.of(trigger).function()))
                    .getTimeoutSeconds();
            assertThat(timeout.toSeconds()).as(name(trigger)).isGreaterThanOrEqualTo(work);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void outlastTheStartOfAGpuNode(Overlay overlay) {
        Set<String> checked = new TreeSet<>();
        for (Trigger trigger : triggers(overlay).stream()
                .filter(trigger ->
                        Overlay.GPU_FUNCTIONS.contains(Delivery.of(trigger).function()))
                .toList()) {
            String function = Delivery.of(trigger).function();
            long deadline = Long.parseLong(
                    Overlay.annotation(overlay.function(function), "serving.knative.dev/progress-deadline")
                            .orElseThrow()
                            .replace("s", ""));
            assertThat(waits(trigger)).as(name(trigger)).isGreaterThanOrEqualTo(Duration.ofSeconds(deadline));
            checked.add(function);
        }
        assertThat(checked).isEqualTo(Overlay.GPU_FUNCTIONS);
    }

    /** Along the longest route, whose functions take all of their time in each attempt. */
    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void haveGivenUpBeforeTheGatewaySubmitsAPostAgain(Overlay overlay) {
        Set<String> route =
                Set.of("submitted-media-some", "captioned-content", "read-content", "prompted-content", "generated");
        Duration patience = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withDefaultValue("plaudit.gateway.jobs.file", "/plaudit/.plaudit/jobs")
                .withMapping(JobsConfig.class)
                .build()
                .getConfigMapping(JobsConfig.class)
                .brokerPatience();

        List<Duration> insist = triggers(overlay).stream()
                .filter(trigger -> route.contains(name(trigger)))
                .map(trigger -> waits(trigger)
                        .multipliedBy(2)
                        .plus(Duration.parse(trigger.getSpec().getDelivery().getTimeout())
                                .multipliedBy(trigger.getSpec().getDelivery().getRetry() + 1)))
                .toList();
        assertThat(insist).hasSameSizeAs(route);
        assertThat(patience).isGreaterThan(insist.stream().reduce(Duration.ZERO, Duration::plus));
    }

    /** All waits between the attempts of a trigger, of the broker that waits least; Kafka's waits twice as long. */
    private static Duration waits(Trigger trigger) {
        var delivery = trigger.getSpec().getDelivery();
        return Duration.parse(delivery.getBackoffDelay()).multipliedBy((1L << delivery.getRetry()) - 1);
    }

    private static String name(Trigger trigger) {
        return trigger.getMetadata().getName();
    }
}
