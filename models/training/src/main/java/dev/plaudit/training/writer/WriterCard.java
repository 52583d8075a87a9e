package dev.plaudit.training.writer;

import dev.plaudit.training.language.LanguageHistory;
import dev.plaudit.training.language.LlamaShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The writer's {@code MODEL_CARD.md}. */
record WriterCard(WriterTraining training, LlamaShape shape, WriterData data, LanguageHistory history) {
    void write(Path folder) throws IOException {
        Files.writeString(folder.resolve("MODEL_CARD.md"), "# Writer\n");
    }
}
