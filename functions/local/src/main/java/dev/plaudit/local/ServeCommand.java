package dev.plaudit.local;

import io.quarkus.runtime.Quarkus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plaudit serve}: the gateway with all functions behind it, in this process. */
@Command(
        name = "serve",
        description =
                "Answer over HTTP: POST /v1/score, /v1/generate, /v1/optimize, /v1/jobs; /q/openapi, /q/health, /q/metrics.",
        footer = {
            "  plaudit serve --port 8080",
            "  curl localhost:8080/v1/score -H 'content-type: application/json' \\",
            "    -d '{\"company\": \"Oven & Co\", \"content\": \"Warm sourdough from six!\"}'"
        })
final class ServeCommand implements Callable<Integer> {
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
    public Integer call() {
        System.setProperty("quarkus.http.port", Integer.toString(port));
        System.setProperty("quarkus.http.host", host);
        Quarkus.run();
        return 0;
    }
}
