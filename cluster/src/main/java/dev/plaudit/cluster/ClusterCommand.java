package dev.plaudit.cluster;

import dev.plaudit.events.SimulationJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plaudit cluster}: everything as it is deployed, on this machine, until it is told to end. */
@Command(
        name = "plaudit cluster",
        description =
                "Run every function as a process of its own, with Kafka and the triggers of knative/, for development.",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  plaudit cluster --idle 30",
            "  curl localhost:8080/v1/score -H 'content-type: application/json' \\",
            "    -d '{\"content\": \"We open at six.\"}'"
        })
final class ClusterCommand implements Callable<Integer> {
    private static final String UP = "\u001b[%dF\u001b[J";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "The gateway's port. Default: ${DEFAULT-VALUE}.",
            paramLabel = "N")
    private int port;

    @Option(
            names = "--idle",
            defaultValue = "60",
            description = "Seconds without a call until a function's process ends. Default: ${DEFAULT-VALUE}.",
            paramLabel = "SECONDS")
    private long idle;

    @Option(names = "--json", description = "Tell how the functions are as JSON, a line each second.")
    private boolean json;

    /** Runs the command; it ends by SIGTERM or SIGINT. */
    public static void main(String[] args) {
        CommandLine command = new CommandLine(new ClusterCommand());
        command.setExecutionExceptionHandler((failure, line, parsed) -> {
            line.getErr().println(line.getColorScheme().errorText("plaudit: " + failure.getMessage()));
            return CommandLine.ExitCode.SOFTWARE;
        });
        int status = command.execute(args);
        if (status != 0) {
            System.exit(status);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Path root = Path.of(System.getProperty("plaudit.home", "."))
                .toAbsolutePath()
                .normalize();
        Path folder = root.resolve("target/cluster");
        delete(folder);
        Cluster cluster = Cluster.start(root, folder, port, Duration.ofSeconds(idle));
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            end.countDown();
            cluster.close();
        }));
        if (!json) {
            out.printf(
                    "gateway %s · Kafka %s · logs %s · Ctrl-C ends it%n%n",
                    cluster.gateway(), cluster.kafka().bootstrapServers(), folder);
        }
        show(cluster, out, end);
        return 0;
    }

    private void show(Cluster cluster, PrintWriter out, CountDownLatch end) throws InterruptedException {
        boolean terminal = System.console() != null && System.console().isTerminal();
        List<Integer> before = List.of();
        do {
            List<Service.Status> status = cluster.status();
            List<Integer> replicas =
                    status.stream().map(Service.Status::replicas).toList();
            if (json) {
                out.println(SimulationJson.write(Map.of("functions", status)));
            } else if (terminal || !replicas.equals(before)) {
                if (terminal && !before.isEmpty()) {
                    out.printf(UP, status.size() + 1);
                }
                out.printf("%-14s %8s %10s %8s %8s%n", "function", "replicas", "in flight", "done", "p50 ms");
                status.forEach(service -> out.printf(
                        "%-14s %8d %10d %8d %8.1f%n",
                        service.function(), service.replicas(), service.inFlight(), service.done(), service.millis()));
            }
            out.flush();
            before = replicas;
        } while (!end.await(1, java.util.concurrent.TimeUnit.SECONDS));
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
