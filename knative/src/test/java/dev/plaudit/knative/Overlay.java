package dev.plaudit.knative;

import dev.plaudit.events.Step;
import io.fabric8.knative.serving.v1.RevisionSpec;
import io.fabric8.knative.serving.v1.Service;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code kubectl apply -k} would send to a cluster.
 *
 * @param name the overlay's folder under {@code knative/overlays}
 * @param resources all of them
 */
record Overlay(String name, List<HasMetadata> resources) {
    static final String NAMESPACE = "plaudit";
    static final Set<String> GPU_FUNCTIONS = Set.of(Step.CAPTION.function(), Step.GENERATE.function());

    private static final Path ROOT = Path.of(System.getProperty("plaudit.root"));

    private static final Map<String, Overlay> BUILT = new TreeMap<>();

    /** Every overlay. */
    static Stream<Overlay> all() throws IOException, InterruptedException {
        try (Stream<Path> folders = Files.list(ROOT.resolve("knative/overlays"))) {
            for (String name :
                    folders.map(folder -> folder.getFileName().toString()).toList()) {
                of(name);
            }
            return BUILT.values().stream();
        }
    }

    /** One overlay, built once. */
    static Overlay of(String name) throws IOException, InterruptedException {
        if (!BUILT.containsKey(name)) {
            BUILT.put(
                    name,
                    new Overlay(name, build(ROOT.resolve("knative/overlays").resolve(name))));
        }
        return BUILT.get(name);
    }

    /** The resources that kustomize makes of a folder. */
    static List<HasMetadata> build(Path folder) throws IOException, InterruptedException {
        Process kustomize;
        try {
            kustomize = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "kubectl 1.27 or newer is missing: install it (on Debian 13: apt install kubernetes-client)", e);
        }
        String yaml = new String(kustomize.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (kustomize.waitFor() != 0) {
            throw new IllegalStateException("kubectl 1.27 or newer cannot build " + folder + "; see above");
        }
        return StrictYaml.read(yaml);
    }

    <T extends HasMetadata> List<T> all(Class<T> type) {
        return resources.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<Service> functions() {
        return all(Service.class);
    }

    Service function(String name) {
        return functions().stream()
                .filter(function -> function.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Whether something of this group, kind and name is there. */
    boolean has(String apiVersion, String kind, String name) {
        return resources.stream()
                .anyMatch(resource -> resource.getApiVersion().equals(apiVersion)
                        && resource.getKind().equals(kind)
                        && resource.getMetadata().getName().equals(name));
    }

    static RevisionSpec pod(Service function) {
        return function.getSpec().getTemplate().getSpec();
    }

    static Map<String, String> labels(Service function) {
        return function.getSpec().getTemplate().getMetadata().getLabels();
    }

    static Optional<String> annotation(Service function, String name) {
        return Optional.ofNullable(
                function.getSpec().getTemplate().getMetadata().getAnnotations().get(name));
    }

    static Container container(Service function) {
        List<Container> containers = pod(function).getContainers();
        if (containers.size() != 1) {
            throw new IllegalStateException(function.getMetadata().getName() + " must have one container");
        }
        return containers.getFirst();
    }

    /** The environment that its ConfigMaps give a function. */
    Map<String, String> environment(Service function) {
        Map<String, ConfigMap> maps = all(ConfigMap.class).stream()
                .collect(Collectors.toMap(map -> map.getMetadata().getName(), map -> map));
        Map<String, String> environment = new TreeMap<>();
        container(function).getEnvFrom().forEach(source -> {
            Map<String, String> data =
                    maps.get(source.getConfigMapRef().getName()).getData();
            environment.putAll(data == null ? Map.of() : data);
        });
        return environment;
    }

    /** Whether the gateway works on jobs: whether it has a database for them. */
    boolean hasJobs() {
        return environment(function("gateway")).containsKey("QUARKUS_DATASOURCE_POSTGRESQL_JDBC_URL");
    }

    /** The names of the functions on the route. */
    static Set<String> steps() {
        return Arrays.stream(Step.values()).map(Step::function).collect(Collectors.toSet());
    }

    @Override
    public String toString() {
        return name;
    }
}
