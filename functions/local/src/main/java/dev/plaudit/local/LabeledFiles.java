package dev.plaudit.local;

import dev.plaudit.events.Post;
import dev.plaudit.tables.PostTable;
import dev.plaudit.tables.Row;
import dev.plaudit.training.behavior.LabeledPost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The posts of some tables, whole in memory, as training and evaluation want them.
 *
 * @param labeled those with known likes
 * @param unlabeled the others
 * @param unreadable how many rows were no posts
 */
record LabeledFiles(List<LabeledPost> labeled, List<Post> unlabeled, int unreadable) {
    /**
     * Reads tables.
     *
     * @throws dev.plaudit.tables.TableException when a file is no table
     * @throws IllegalArgumentException when no row has likes
     */
    static LabeledFiles read(List<Path> files) throws IOException {
        List<LabeledPost> labeled = new ArrayList<>();
        List<Post> unlabeled = new ArrayList<>();
        int unreadable = 0;
        for (Path file : files) {
            try (PostTable table = PostTable.open(file)) {
                for (Row row : table) {
                    switch (row) {
                        case Row.Readable post
                        when post.likes().isPresent() ->
                            labeled.add(
                                    new LabeledPost(post.post(), post.likes().getAsInt()));
                        case Row.Readable post -> unlabeled.add(post.post());
                        case Row.Unreadable unreadableRow -> unreadable++;
                    }
                }
            }
        }
        if (labeled.isEmpty()) {
            throw new IllegalArgumentException("no row of " + files + " has likes: the data need a column named likes");
        }
        return new LabeledFiles(labeled, unlabeled, unreadable);
    }

    /** All of them in words, by the names of the files that they come from. */
    String source(List<Path> files) {
        return "%,d posts of %s"
                .formatted(
                        labeled.size() + unlabeled.size(),
                        files.stream().map(Path::getFileName).toList());
    }
}
