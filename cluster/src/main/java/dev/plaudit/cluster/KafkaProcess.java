package dev.plaudit.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** Apache Kafka, one node in KRaft mode, in a process of its own. */
final class KafkaProcess implements AutoCloseable {
    private static final int PARTITIONS = 4;

    private final Path jar;
    private final Path folder;
    private final int port = Child.freePort();
    private final int controllerPort = Child.freePort();
    private Child child;

    /** @param folder where its log and its data go */
    KafkaProcess(Path jar, Path folder) throws IOException {
        this.jar = jar;
        this.folder = folder;
    }

    String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Starts it, for the first time or again with what it had; it may not answer yet. */
    void start() throws IOException {
        child = Child.start(
                "kafka",
                folder,
                Map.of(),
                List.of(
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        jar.toString(),
                        KafkaProcess.class.getName(),
                        folder.resolve("kafka").toString(),
                        Integer.toString(port),
                        Integer.toString(controllerPort)));
    }

    /** Waits until it answers, and makes topics. */
    void create(List<String> topics) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            admin.createTopics(topics.stream()
                            .map(topic -> new NewTopic(topic, PARTITIONS, (short) 1))
                            .toList())
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw child.isAlive() ? new IllegalStateException(e.getCause()) : child.ended();
        }
    }

    @Override
    public void close() {
        if (child != null) {
            child.close();
        }
    }

    /** The process itself: {@code FOLDER PORT CONTROLLER_PORT}. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        if (!folder.resolve("meta.properties").toFile().exists()) {
            new Formatter()
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(1)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(folder.toString())
                    .setDirectories(List.of(folder.toString()))
                    .run();
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings(folder, args[1], args[2])), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
        server.startup();
        server.awaitShutdown();
    }

    private static Map<String, Object> settings(Path folder, String port, String controllerPort) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", folder.toString());
        settings.put("num.partitions", Integer.toString(PARTITIONS));
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        return settings;
    }
}
