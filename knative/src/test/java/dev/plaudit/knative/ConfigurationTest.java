package dev.plaudit.knative;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.plaudit.events.Step;
import dev.plaudit.gateway.GatewayConfig;
import io.fabric8.knative.serving.v1.Service;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.common.utils.StringUtil;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ConfigMaps set what the code reads, to values that it takes. */
class ConfigurationTest {
    private static final List<Class<?>> MAPPINGS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.plaudit").stream()
                    .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
                    .<Class<?>>map(type -> type.reflect())
                    .toList();

    private static boolean exists(Service function) {
        Path pom = Path.of(
                System.getProperty("plaudit.root"),
                "functions",
                function.getMetadata().getName(),
                "pom.xml");
        return Files.exists(pom);
    }

    /** A setting's environment variable, as MicroProfile Config derives it; of a map, with any key. */
    private static String pattern(String property) {
        return Arrays.stream(property.split("\\*", -1))
                .map(part ->
                        StringUtil.replaceNonAlphanumericByUnderscores(part).toUpperCase(Locale.ROOT))
                .collect(Collectors.joining("[A-Z0-9_]+"));
    }

    private static boolean isSetting(String variable) {
        return variable.equals("QUARKUS_DATASOURCE_POSTGRESQL_JDBC_URL")
                || MAPPINGS.stream()
                        .map(mapping -> new ConfigClass(
                                mapping,
                                mapping.getAnnotation(ConfigMapping.class).prefix()))
                        .flatMap(mapping -> ConfigMappings.getProperties(mapping).keySet().stream())
                        .anyMatch(property -> variable.matches(pattern(property)));
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void everyVariableIsASetting(Overlay overlay) {
        assertThat(MAPPINGS).contains(GatewayConfig.class);
        for (Service function :
                overlay.functions().stream().filter(ConfigurationTest::exists).toList()) {
            assertThat(overlay.environment(function).keySet())
                    .as(function.getMetadata().getName())
                    .allMatch(ConfigurationTest::isSetting);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void everyValueIsTaken(Overlay overlay) {
        for (Service function :
                overlay.functions().stream().filter(ConfigurationTest::exists).toList()) {
            SmallRyeConfigBuilder config = new SmallRyeConfigBuilder()
                    .addDefaultInterceptors()
                    .addDiscoveredConverters()
                    .withDefaultValue("plaudit.home", "/plaudit")
                    .withDefaultValue("plaudit.gateway.jobs.file", "/plaudit/.plaudit/jobs")
                    .withDefaultValue("K_SINK", "http://by-the-sink-binding")
                    .withSources(new EnvConfigSource(overlay.environment(function), 300));
            MAPPINGS.forEach(config::withMapping);
            assertThat(config.build()).as(function.getMetadata().getName()).isNotNull();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.plaudit.knative.Overlay#all")
    void theGatewayKnowsEveryStepsAddress(Overlay overlay) {
        GatewayConfig gateway = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(GatewayConfig.class)
                .withSources(new EnvConfigSource(overlay.environment(overlay.function("gateway")), 300))
                .build()
                .getConfigMapping(GatewayConfig.class);

        Map<String, URI> expected = Arrays.stream(Step.values())
                .filter(step -> step != Step.GATEWAY)
                .map(Step::function)
                .collect(Collectors.toMap(
                        step -> step,
                        step -> URI.create("http://%s.%s.svc.cluster.local".formatted(step, Overlay.NAMESPACE))));
        assertThat(gateway.functions()).isEqualTo(expected);
    }
}
