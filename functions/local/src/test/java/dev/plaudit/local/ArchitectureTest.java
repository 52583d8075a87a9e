package dev.plaudit.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Who may know whom. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    static final String ROOT = "dev.plaudit";

    private static final String[] FUNCTIONS = {"caption", "ocr", "generate", "prompt", "classify", "regress", "gateway"
    };
    private static final List<String> MODULES = Stream.concat(
                    Stream.of(FUNCTIONS),
                    Stream.of(
                            "events",
                            "features",
                            "tables",
                            "inference",
                            "trees",
                            "function",
                            "media",
                            "web",
                            "torch",
                            "training",
                            "local"))
            .toList();

    private static String packages(String module) {
        return ROOT + "." + module + "..";
    }

    private static ArchRule knowsOnly(String module, String... known) {
        String[] others = MODULES.stream()
                .filter(other -> !other.equals(module) && !Arrays.asList(known).contains(other))
                .map(ArchitectureTest::packages)
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(packages(module))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others);
    }

    @ArchTest
    static final ArchRule eventsKnowNothing = knowsOnly("events");

    @ArchTest
    static final ArchRule inferenceKnowsNothing = knowsOnly("inference");

    @ArchTest
    static final ArchRule treesKnowNothing = knowsOnly("trees");

    @ArchTest
    static final ArchRule featuresKnowEvents = knowsOnly("features", "events");

    @ArchTest
    static final ArchRule tablesKnowEvents = knowsOnly("tables", "events");

    @ArchTest
    static final ArchRule functionKnowsEvents = knowsOnly("function", "events");

    @ArchTest
    static final ArchRule mediaKnowEventsAndWeb = knowsOnly("media", "events", "web");

    @ArchTest
    static final ArchRule webKnowsNothing = knowsOnly("web");

    @ArchTest
    static final ArchRule ocrKnowsInferenceAndMedia = knowsOnly("ocr", "function", "events", "inference", "media");

    @ArchTest
    static final ArchRule captionKnowsInferenceAndMedia =
            knowsOnly("caption", "function", "events", "inference", "media");

    @ArchTest
    static final ArchRule generateKnowsFeaturesInferenceAndTorch =
            knowsOnly("generate", "function", "events", "features", "inference", "torch");

    @ArchTest
    static final ArchRule torchKnowsInference = knowsOnly("torch", "inference");

    @ArchTest
    static final ArchRule promptKnowsFeatures = knowsOnly("prompt", "function", "events", "features");

    @ArchTest
    static final ArchRule classifyKnowsInference = knowsOnly("classify", "function", "events", "inference");

    @ArchTest
    static final ArchRule regressKnowsFeaturesAndTrees =
            knowsOnly("regress", "function", "events", "features", "trees");

    @ArchTest
    static final ArchRule gatewayKnowsNoModel = knowsOnly("gateway", "function", "events", "tables", "web");

    @ArchTest
    static final ArchRule trainingKnowsNoFunction = knowsOnly("training", "events", "features", "inference", "trees");

    @ArchTest
    static final ArchRule nobodyKnowsLocal = noClasses()
            .that()
            .resideOutsideOfPackage(packages("local"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(packages("local"));

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching(ROOT + ".(**)").should().beFreeOfCycles();
}
