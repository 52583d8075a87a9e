package dev.plaudit.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.events.EventType;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.providers.impl.ConnectorConfig;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Posts of the topic when Kafka does not take their events. */
@QuarkusTest
class PostsTopicTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    StepCaller caller;

    @ConfigProperty(name = "quarkus.http.limits.max-body-size")
    MemorySize limit;

    private static ConsumerRecord<byte[], byte[]> post() {
        CloudEvent event = CloudEventBuilder.v1()
                .withId("e1")
                .withSource(URI.create("/test"))
                .withType(EventType.SUBMITTED)
                .withData(
                        "application/json",
                        "{\"task\":\"behavior\",\"post\":{\"content\":\"Fresh bread\"}}"
                                .getBytes(StandardCharsets.UTF_8))
                .build();
        ProducerRecord<Void, byte[]> written =
                KafkaMessageFactory.<Void>createWriter("plaudit.posts").writeBinary(event);
        ConsumerRecord<byte[], byte[]> post = new ConsumerRecord<>("plaudit.posts", 0, 0, null, written.value());
        written.headers().forEach(post.headers()::add);
        return post;
    }

    /** A broker that refuses events for these reasons before it takes one. */
    private PostsTopic topic(Queue<RuntimeException> refusals) {
        Topics topics = new Topics(null, null) {
            @Override
            Uni<Void> toBroker(CloudEvent event) {
                return Uni.createFrom().voidItem().invoke(() -> {
                    if (!refusals.isEmpty()) {
                        throw refusals.remove();
                    }
                });
            }
        };
        return new PostsTopic(topics, caller);
    }

    @Test
    void aPostThatTheBrokerDoesNotTakeNowIsSentAgain() {
        Queue<RuntimeException> refusals = new ArrayDeque<>(List.of(new TimeoutException(), new TimeoutException()));
        topic(refusals).take(post()).await().atMost(PATIENCE);

        assertThat(refusals).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"events", "results"})
    void whatTheGatewayTakesIsNotTooLargeForItsProducers(String channel) {
        Config config = new ConnectorConfig("mp.messaging.outgoing.", ConfigProvider.getConfig(), channel) {};

        assertThat(config.getValue("max.request.size", Long.class)).isGreaterThan(limit.asLongValue());
    }

    @Test
    void theTopicIsReadOnHoweverLongAPostTakes() {
        KafkaConnectorIncomingConfiguration config = new KafkaConnectorIncomingConfiguration(
                new ConnectorConfig("mp.messaging.incoming.", ConfigProvider.getConfig(), "posts") {});

        assertThat(config.getThrottledUnprocessedRecordMaxAgeMs()).isZero();
    }
}
