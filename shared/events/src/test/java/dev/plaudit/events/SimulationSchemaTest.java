package dev.plaudit.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.CustomDefinitionProviderV2;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds the published JSON Schema to the records. To write it anew after a change of the document, run this test with
 * {@code -Dplaudit.schema.write=true}.
 */
class SimulationSchemaTest {
    private static final Path SCHEMA = Path.of("src/main/resources/dev/plaudit/events/simulation.schema.json");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** An earlier post is an object, or its likes alone. */
    private static final class ObjectOrLikes implements CustomDefinitionProviderV2 {
        @Override
        public CustomDefinition provideCustomSchemaDefinition(ResolvedType type, SchemaGenerationContext context) {
            if (!type.isInstanceOf(EarlierPost.class)) {
                return null;
            }
            ObjectNode definition = MAPPER.createObjectNode();
            definition
                    .putArray("anyOf")
                    .add(MAPPER.createObjectNode().put("type", "integer"))
                    .add(context.createStandardDefinition(type, this));
            return new CustomDefinition(definition);
        }
    }

    private static JsonNode generated() {
        SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(
                        MAPPER, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(new JacksonModule())
                .with(Option.DEFINITIONS_FOR_ALL_OBJECTS);
        config.forTypesInGeneral().withCustomDefinitionProvider((type, context) -> {
            if (type.isInstanceOf(Embedding.class)) {
                return new CustomDefinition(
                        MAPPER.createObjectNode().put("type", "string").put("contentEncoding", "base64"));
            }
            if (type.getErasedType().isEnum()) {
                ObjectNode definition = MAPPER.createObjectNode();
                definition.set(
                        "enum",
                        SimulationJson.MAPPER.valueToTree(type.getErasedType().getEnumConstants()));
                return new CustomDefinition(definition);
            }
            if (type.isInstanceOf(LocalDateTime.class)) {
                return new CustomDefinition(MAPPER.createObjectNode().put("type", "string"));
            }
            return null;
        });
        config.forTypesInGeneral().withCustomDefinitionProvider(new ObjectOrLikes());
        config.forFields()
                .withRequiredCheck(field -> field.getDeclaringType().getErasedType() == Simulation.class
                        && (field.getName().equals("task") || field.getName().equals("post")));
        return new SchemaGenerator(config.build()).generateSchema(Simulation.class);
    }

    @Test
    void thePublishedSchemaIsTheOneOfTheRecords() throws IOException {
        String schema = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(generated()) + "\n";
        if (Boolean.getBoolean("plaudit.schema.write")) {
            Files.writeString(SCHEMA, schema);
        }

        assertThat(Files.readString(SCHEMA)).isEqualTo(schema);
    }

    private static JsonSchema published() throws IOException {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(Files.readString(SCHEMA));
    }

    @Test
    void aWholeDocumentIsValid() throws IOException {
        assertThat(published().validate(MAPPER.readTree(SimulationJson.write(SimulationJsonTest.WHOLE))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"task\":\"dance\",\"post\":{}}",
                "{\"task\":\"behavior\",\"post\":{\"media\":[{\"kind\":\"hologram\"}]}}",
                "{\"task\":\"behavior\",\"post\":{\"account\":{\"followers\":\"many\"}}}",
                "{\"task\":\"behavior\",\"post\":{\"account\":{\"history\":[{\"likes\":\"many\"}]}}}"
            })
    void aWrongDocumentIsNot(String json) throws IOException {
        assertThat(published().validate(MAPPER.readTree(json))).isNotEmpty();
    }
}
