package dev.plaudit.function;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plaudit.events.SimulationJson;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;

/** Gives the application's mapper the rules of the documents. */
@Singleton
class DocumentMapper implements ObjectMapperCustomizer {
    @Override
    public void customize(ObjectMapper mapper) {
        SimulationJson.configure(mapper);
    }
}
