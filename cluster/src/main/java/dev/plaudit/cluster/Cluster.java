package dev.plaudit.cluster;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Kafka, the gateway, and the functions as the manifests under {@code knative/} wire them, on this machine. */
final class Cluster implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Cluster.class.getName());
    private static final List<String> STEPS = List.of("caption", "ocr", "prompt", "classify", "regress", "generate");
    private static final String GATEWAY = "gateway";
    private static final List<String> TOPICS =
            List.of(BrokerTopic.NAME, "plaudit.posts", "plaudit.results", "plaudit.dead-letters");

    private final KafkaProcess kafka;
    private final Map<String, Service> services = new LinkedHashMap<>();
    private final ScheduledExecutorService scaler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("scaler").daemon().factory());
    private BrokerTopic topic;
    private Door door;
    private Dispatcher dispatcher;

    private Cluster(Path root, Path folder) throws IOException {
        kafka = new KafkaProcess(root.resolve("cluster/target/cluster.jar"), folder);
    }

    /**
     * Starts it, and returns when the gateway answers.
     *
     * @param root the repository's root, with everything built
     * @param folder where logs and data go
     * @param port where the gateway listens
     * @param idle how long nobody calls a function until its process ends
     */
    static Cluster start(Path root, Path folder, int port, Duration idle) throws IOException, InterruptedException {
        Cluster cluster = new Cluster(root, folder);
        try {
            cluster.open(root, folder, port, idle);
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void open(Path root, Path folder, int port, Duration idle) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        kafka.start();
        kafka.create(TOPICS);
        topic = new BrokerTopic(kafka.bootstrapServers());
        for (String step : STEPS) {
            services.put(step, new Service(step, root, folder, Child.freePort(), Map.of()));
        }
        door = new Door(topic, services.values());
        services.put(
                "dead-letters",
                new Service(
                        "dead-letters",
                        root,
                        folder,
                        Child.freePort(),
                        Map.of("K_SINK", door.broker().toString())));
        services.put(GATEWAY, new Service(GATEWAY, root, folder, port, gateway(folder)));
        dispatcher = new Dispatcher(
                kafka.bootstrapServers(),
                topic,
                Subscription.read(root.resolve("knative/base/triggers.yaml")),
                services);
        dispatcher.start();
        services.get(GATEWAY).awaitReady();
        scaler.scheduleWithFixedDelay(() -> scale(idle), 1, 1, TimeUnit.SECONDS);
    }

    private Map<String, String> gateway(Path folder) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("PLAUDIT_GATEWAY_KAFKA", "true");
        settings.put("PLAUDIT_FUNCTION_MAX_IN_FLIGHT", "200");
        settings.put("PLAUDIT_GATEWAY_TIMEOUT", "10m");
        settings.put("PLAUDIT_GATEWAY_STEP_TIMEOUT", "2m");
        settings.put("PLAUDIT_GATEWAY_KAFKA_SERVERS", kafka.bootstrapServers());
        settings.put(
                "QUARKUS_DATASOURCE_FILE_JDBC_URL",
                "jdbc:h2:file:" + folder.resolve("jobs")
                        + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_ON_EXIT=FALSE");
        STEPS.forEach(step -> settings.put(
                "PLAUDIT_GATEWAY_FUNCTIONS_" + step.toUpperCase(Locale.ROOT),
                door.function(step).toString()));
        return settings;
    }

    /** The gateway reads a topic, so it stays; a crash is made good. */
    private void scale(Duration idle) {
        try {
            services.get(GATEWAY).awaitReady();
            services.values().stream()
                    .filter(service -> !service.function().equals(GATEWAY))
                    .forEach(service -> service.scaleDown(idle));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where the gateway is. */
    URI gateway() {
        return services.get(GATEWAY).address();
    }

    /** Where the broker takes events. */
    URI broker() {
        return door.broker();
    }

    KafkaProcess kafka() {
        return kafka;
    }

    Service service(String function) {
        return services.get(function);
    }

    List<Service.Status> status() {
        return services.values().stream().map(Service::status).toList();
    }

    /** Ends everything, the gateway first, so that nothing new comes. */
    @Override
    public void close() {
        scaler.shutdownNow();
        if (services.get(GATEWAY) != null) {
            services.get(GATEWAY).close();
        }
        if (dispatcher != null) {
            dispatcher.close();
        }
        if (door != null) {
            door.close();
        }
        services.values().parallelStream().forEach(Service::close);
        if (topic != null) {
            topic.close();
        }
        kafka.close();
    }
}
