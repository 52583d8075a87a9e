package dev.plaudit.local;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which models to use; without them, those that the settings name. */
final class ModelOptions {
    @Option(names = "--bucket-model", paramLabel = "FOLDER", description = "The bucket classifier to use.")
    void bucketModel(Path folder) {
        System.setProperty("plaudit.classify.model", folder.toString());
    }

    @Option(names = "--likes-model", paramLabel = "FOLDER", description = "The likes model to use.")
    void likesModel(Path folder) {
        System.setProperty("plaudit.regress.model", folder.toString());
    }

    @Option(names = "--caption-model", paramLabel = "FOLDER", description = "The captioner to use.")
    void captionModel(Path folder) {
        System.setProperty("plaudit.caption.model", folder.toString());
    }
}
