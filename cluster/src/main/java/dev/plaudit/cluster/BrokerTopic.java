package dev.plaudit.cluster;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventSerializer;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.StringSerializer;

/** The topic that holds the broker's events, one simulation's in one partition. Thread-safe. */
final class BrokerTopic implements AutoCloseable {
    static final String NAME = "plaudit.events";
    /** In ms: a broker that is away for a while is waited for. */
    private static final int PATIENCE = 600_000;

    private final Producer<String, CloudEvent> producer;

    BrokerTopic(String bootstrapServers) {
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "linger.ms", 5,
                        "delivery.timeout.ms", PATIENCE,
                        "max.block.ms", PATIENCE),
                new StringSerializer(),
                new CloudEventSerializer());
    }

    /**
     * Writes an event, and returns when the topic has it for good.
     *
     * @throws RecordTooLargeException when it is larger than the topic takes
     */
    void write(CloudEvent event) throws InterruptedException {
        try {
            producer.send(new ProducerRecord<>(NAME, event.getSubject(), event)).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RecordTooLargeException tooLarge
                    ? tooLarge
                    : new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close(java.time.Duration.ZERO);
    }
}
