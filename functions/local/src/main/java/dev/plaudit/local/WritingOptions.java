package dev.plaudit.local;

import dev.plaudit.events.Options;
import dev.plaudit.events.Writing;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** How a post is to be written. */
final class WritingOptions {
    @Option(names = "--wish", description = "How many likes it should get.", paramLabel = "LIKES")
    private Integer wish;

    @Option(names = "--drafts", description = "How many drafts, 1 to 16.", paramLabel = "N")
    private Integer drafts;

    @Option(names = "--seed", description = "Another seed writes other drafts. Default: 0.", paramLabel = "N")
    private Long seed;

    @Option(names = "--temperature", description = "How bold, above 0; 1 is as trained.", paramLabel = "T")
    private Double temperature;

    @Option(names = "--top-p", description = "Draw from the likeliest tokens of this probability.", paramLabel = "P")
    private Double topP;

    @Option(names = "--max-tokens", description = "The longest draft, in tokens.", paramLabel = "N")
    private Integer maxNewTokens;

    @Option(names = "--stop", description = "A text that ends a draft; once for each.", paramLabel = "TEXT")
    private List<String> stop = List.of();

    @Option(names = "--post-model", description = "The writer to use.", paramLabel = "FOLDER")
    void postModel(Path folder) {
        System.setProperty("plaudit.generate.model", folder.toString());
    }

    @Option(
            names = "--allow-copies",
            description = "Also say what stands word for word in the texts that the writer's ngrams.index names.")
    void allowCopies(boolean allowed) {
        System.setProperty("plaudit.generate.allow-copies", Boolean.toString(allowed));
    }

    /** @param usualDrafts where nothing is said */
    Options read(int usualDrafts) {
        return new Options(
                false,
                wish,
                new Writing(drafts == null ? usualDrafts : drafts, seed, temperature, topP, maxNewTokens, stop));
    }
}
