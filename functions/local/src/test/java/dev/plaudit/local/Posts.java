package dev.plaudit.local;

import dev.plaudit.events.Account;
import dev.plaudit.events.EarlierPost;
import dev.plaudit.events.Media;
import dev.plaudit.events.MediaKind;
import dev.plaudit.events.Post;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Posts of a company that does not exist, no two alike. */
final class Posts {
    private static final LocalDateTime FIRST = LocalDateTime.of(2026, 3, 2, 7, 0);
    private static final List<String> TEXTS = List.of(
            "Warm sourdough from six!",
            "نفتح أبوابنا مجانا 🎉",
            "Caf&eacute; &amp; cake <hyperlink>",
            "#rye by <mention>");

    private Posts() {}

    static List<Post> of(int count) {
        return IntStream.range(0, count).mapToObj(Posts::post).toList();
    }

    /** One that a model must look at. */
    static Post withPicture() {
        return new Post("look", null, "ovenandco", "Oven & Co", FIRST, List.of(Pictures.photo(Color.RED)), null);
    }

    /** A table of posts whose likes are known, of three accounts. */
    static Path labeled(Path folder) throws IOException {
        return Files.writeString(
                folder.resolve("labeled.csv"),
                IntStream.range(0, 60)
                        .mapToObj(i -> "oven%d,Oven & Co,2026-03-%02dT%02d:30,Warm loaf number %d from six!,%d"
                                .formatted(i % 3, 1 + i % 28, i % 24, i, 7 * i))
                        .collect(Collectors.joining("\n", "username,company,date,content,likes\n", "\n")));
    }

    private static Post post(int i) {
        return new Post(
                "p" + i,
                i % 5 == 4 ? null : TEXTS.get(i % TEXTS.size()),
                "ovenandco",
                i % 3 == 0 ? null : "Oven & Co",
                i % 7 == 0 ? null : FIRST.plusHours(i),
                i % 5 == 4
                        ? List.of(Media.described("a loaf of bread"), new Media(MediaKind.VIDEO, null, null, "an oven"))
                        : List.of(),
                i % 2 == 0
                        ? new Account(null, null, (double) (i * i), List.of())
                        : new Account(100L * i, "Leeds", null, EarlierPost.ofLikes(i, 2 * i, 30 * i)));
    }
}
