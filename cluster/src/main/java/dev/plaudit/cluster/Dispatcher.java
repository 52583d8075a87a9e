package dev.plaudit.cluster;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.cloudevents.rw.CloudEventRWException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Takes events from the broker's topic to the functions whose triggers they match, and their answers back to it: each
 * event at least once, sent again and given up as its trigger says.
 *
 * @see <a href="https://knative.dev/docs/eventing/event-delivery/">Knative: handling delivery failure</a>
 */
final class Dispatcher implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long COMMIT_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int MOST_IN_HAND = 2000;
    private static final int MOST_ERROR_BYTES = 1024;
    private static final int TOO_LARGE = 413;
    /** Besides all 5xx. */
    private static final Set<Integer> PASSING = Set.of(404, 408, 409, 425, 429);

    /** Why an event could not be delivered. */
    private record Failure(int status, byte[] body) {
        boolean mayPass() {
            return status >= 500 || PASSING.contains(status);
        }
    }

    private final List<Subscription> subscriptions;
    private final Map<String, Service> services;
    private final BrokerTopic topic;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, ConcurrentSkipListSet<Long>> inHand = new HashMap<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final ExecutorService deliveries = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread thread = new Thread(this::run, "dispatcher");

    Dispatcher(
            String bootstrapServers,
            BrokerTopic topic,
            List<Subscription> subscriptions,
            Map<String, Service> services) {
        this.topic = topic;
        this.subscriptions = subscriptions;
        this.services = services;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "group.id", "dispatcher",
                        "auto.offset.reset", "earliest",
                        "enable.auto.commit", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    void start() {
        thread.start();
    }

    private void run() {
        consumer.subscribe(List.of(BrokerTopic.NAME));
        long committed = System.nanoTime();
        try (consumer) {
            while (true) {
                if (inHand.values().stream().mapToInt(Set::size).sum() < MOST_IN_HAND) {
                    consumer.resume(consumer.paused());
                } else {
                    consumer.pause(consumer.assignment());
                }
                consumer.poll(POLL).forEach(this::begin);
                if (System.nanoTime() - committed > COMMIT_NANOS) {
                    consumer.commitAsync(done(), null);
                    committed = System.nanoTime();
                }
            }
        } catch (WakeupException e) {
            // The way to end.
        }
    }

    private void begin(ConsumerRecord<byte[], byte[]> message) {
        TopicPartition partition = new TopicPartition(message.topic(), message.partition());
        ConcurrentSkipListSet<Long> offsets = inHand.computeIfAbsent(partition, p -> new ConcurrentSkipListSet<>());
        offsets.add(message.offset());
        next.put(partition, message.offset() + 1);
        deliveries.execute(() -> {
            try {
                deliver(message);
                offsets.remove(message.offset());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "an event is lost", e);
                offsets.remove(message.offset());
            }
        });
    }

    /** Up to where everything is delivered. */
    private Map<TopicPartition, OffsetAndMetadata> done() {
        Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
        next.forEach((partition, end) -> {
            // Not first(), which throws when the last delivery has just ended.
            Long first = inHand.get(partition).ceiling(0L);
            done.put(partition, new OffsetAndMetadata(first == null ? end : first));
        });
        return done;
    }

    private void deliver(ConsumerRecord<byte[], byte[]> message) throws InterruptedException {
        CloudEvent event;
        try {
            event = KafkaMessageFactory.createReader(message).toEvent();
        } catch (CloudEventRWException e) {
            LOG.log(System.Logger.Level.WARNING, "what is no event goes nowhere: {0}", e.getMessage());
            return;
        }
        for (Subscription subscription : subscriptions) {
            if (subscription.matches(event)) {
                deliver(event, subscription);
            }
        }
    }

    private void deliver(CloudEvent event, Subscription subscription) throws InterruptedException {
        Service service = services.get(subscription.service());
        Optional<Failure> failure = insist(event, service, subscription);
        if (failure.isPresent()) {
            CloudEvent letter = CloudEventBuilder.v1(event)
                    .withExtension("knativeerrordest", service.address().toString())
                    .withExtension(
                            "knativeerrorcode", Integer.toString(failure.get().status()))
                    .withExtension("knativeerrordata", base64(failure.get().body()))
                    .build();
            insist(letter, services.get(subscription.deadLetters()), subscription)
                    .ifPresent(lost -> LOG.log(
                            System.Logger.Level.ERROR, "the dead letters did not take {0}: {1}", event, lost.status()));
        }
    }

    /** Sends an event until it is taken, and writes what is answered; says why where it is not taken. */
    private Optional<Failure> insist(CloudEvent event, Service service, Subscription subscription)
            throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            Failure failure;
            try {
                HttpResponse<byte[]> answer = service.call(
                        HttpEvents.request(event), subscription.timeout(), HttpResponse.BodyHandlers.ofByteArray());
                if (answer.statusCode() / 100 == 2) {
                    if (answer.headers().firstValue("ce-id").isPresent()) {
                        topic.write(HttpEvents.read(answer.headers().map(), answer.body()));
                    }
                    return Optional.empty();
                }
                failure = new Failure(answer.statusCode(), answer.body());
            } catch (RecordTooLargeException e) {
                failure = new Failure(TOO_LARGE, message(e));
            } catch (IOException e) {
                failure = new Failure(503, message(e));
            }
            if (attempt == subscription.retries() || !failure.mayPass()) {
                return Optional.of(failure);
            }
            Thread.sleep(subscription.backoff().multipliedBy(1L << attempt));
        }
    }

    private static byte[] message(Exception e) {
        return String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] body) {
        return Base64.getEncoder().encodeToString(Arrays.copyOf(body, Math.min(body.length, MOST_ERROR_BYTES)));
    }

    /** What is not delivered by now is delivered after the next start. */
    @Override
    public void close() {
        consumer.wakeup();
        deliveries.shutdownNow();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
