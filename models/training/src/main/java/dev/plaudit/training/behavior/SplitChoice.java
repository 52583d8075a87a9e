package dev.plaudit.training.behavior;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.plaudit.events.Post;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Which posts a model must not see in training. It is kept in the model's folder, so that whoever goes on from the model
 * or measures it holds the same posts back.
 *
 * @param kind what makes the unseen posts new
 * @param seed of the draw
 */
public record SplitChoice(DataSplit.Kind kind, long seed) {
    /** The file's name in a model folder. */
    public static final String FILE = "split.json";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    /**
     * The choice that a model was trained with.
     *
     * @throws IOException when the folder has no readable {@value #FILE}; the message says so in one sentence
     */
    public static SplitChoice read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            throw new IOException(
                    folder + " has no " + FILE + ", so nobody can say which posts its model has not seen.");
        }
        try {
            return JSON.readValue(file.toFile(), SplitChoice.class);
        } catch (JacksonException e) {
            throw new IOException(file + " is damaged: " + e.getOriginalMessage() + ".", e);
        }
    }

    /** Writes {@value #FILE} into a model folder. */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(FILE), JSON.writeValueAsString(this) + "\n");
    }

    /**
     * Makes sure that a training in a model folder goes on with the choice that it was started with.
     *
     * @throws IllegalArgumentException if that was another
     * @throws IOException when the folder has no readable {@value #FILE}
     */
    public void requireIn(Path folder) throws IOException {
        SplitChoice started = read(folder);
        if (!started.equals(this)) {
            throw new IllegalArgumentException("The training in " + folder + " was started with the split " + started
                    + ": use the same, or an empty folder.");
        }
    }

    /** Splits posts by this choice. */
    public DataSplit of(List<LabeledPost> posts) {
        return DataSplit.of(posts, kind, seed);
    }

    /**
     * Where a post belongs by this choice, whether its likes are known or not, as in {@link #of}.
     *
     * @throws IllegalArgumentException for a choice by time, which knows no single post
     */
    public DataSplit.Part partOf(Post post) {
        return DataSplit.partByKey(post, kind, seed);
    }

    @Override
    public String toString() {
        return kind + ", seed " + seed;
    }
}
