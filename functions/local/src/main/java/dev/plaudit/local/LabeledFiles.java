package dev.plaudit.local;

import dev.plaudit.events.Post;
import dev.plaudit.tables.PostTable;
import dev.plaudit.tables.Row;
import dev.plaudit.training.behavior.DataSplit;
import dev.plaudit.training.behavior.LabeledPost;
import dev.plaudit.training.behavior.SplitChoice;
import java.io.IOException;
import java.io.PrintWriter;
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

    /** Tells of posts that a split leaves out: by time, those without a date. */
    void tellLeftOut(SplitChoice split, PrintWriter err) {
        long undated =
                labeled.stream().filter(post -> post.post().date() == null).count();
        if (split.kind() == DataSplit.Kind.TIME && undated > 0) {
            err.printf("%,d posts have no date: a split by time leaves them out%n", undated);
        }
    }

    /** All of them in words, by the names of the files that they come from. */
    String source(List<Path> files) {
        return "%,d posts of %s"
                .formatted(
                        labeled.size() + unlabeled.size(),
                        files.stream().map(Path::getFileName).toList());
    }
}
