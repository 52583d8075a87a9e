package dev.plaudit.local;

import io.quarkus.runtime.Quarkus;
import java.net.BindException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plaudit serve}: the gateway with all functions behind it, in this process. */
@Command(
        name = "serve",
        description =
                "Answer over HTTP: POST /v1/score, /v1/generate, /v1/optimize, /v1/level, /v1/jobs; /q/openapi, /q/health,"
                        + " /q/metrics.",
        footer = {
            "  plaudit serve --port 8080",
            "  curl localhost:8080/v1/score -H 'content-type: application/json' \\",
            "    -d '{\"company\": \"Oven & Co\", \"content\": \"Warm sourdough from six!\"}'"
        })
final class ServeCommand implements Callable<Integer> {
    private static final int MAX_PORT = 65535;

    @Mixin
    private ModelOptions models;

    @Option(names = "--port", defaultValue = "8080", description = "Default: ${DEFAULT-VALUE}.", paramLabel = "N")
    private int port;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "Where to listen; 0.0.0.0 for everywhere. Default: ${DEFAULT-VALUE}.")
    private String host;

    @Override
    public Integer call() throws Exception {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("--port must be 0 to " + MAX_PORT + ", was " + port);
        }
        System.setProperty("quarkus.http.port", Integer.toString(port));
        System.setProperty("quarkus.http.host", host);
        // What keeps it from starting is told as the failure of any command.
        System.setProperty("quarkus.log.category.\"io.quarkus.runtime.Application\".level", "OFF");
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Quarkus.run(null, (status, cause) -> {
            if (cause == null) {
                System.exit(status);
            }
            failure.set(cause);
        });
        if (failure.get() != null) {
            throw reason(failure.get());
        }
        return 0;
    }

    /** The first of the causes that is the caller's to mend, else the last. */
    private Exception reason(Throwable failure) {
        List<Throwable> causes =
                Stream.iterate(failure, Objects::nonNull, Throwable::getCause).toList();
        if (causes.getLast() instanceof BindException) {
            return new IllegalArgumentException(
                    "port " + port + " of " + host + " is in use or not to be had: choose another with --port");
        }
        return causes.stream()
                .filter(Exception.class::isInstance)
                .map(Exception.class::cast)
                .filter(Plaudit::isBadInput)
                .findFirst()
                .orElse(new IllegalStateException(causes.getLast()));
    }
}
