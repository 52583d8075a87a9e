package dev.plaudit.features;

import dev.plaudit.events.Account;
import dev.plaudit.events.EarlierPost;
import dev.plaudit.events.Media;
import dev.plaudit.events.MediaKind;
import dev.plaudit.events.Post;
import java.time.LocalDateTime;
import java.util.List;

/** Posts that the tests read. */
final class Posts {
    /** A post of which everything is known. */
    static final Post FULL = new Post(
            "p1",
            "Fresh bread &amp; coffee with <mention> <hyperlink>",
            "ovenandco",
            "Oven & Co",
            LocalDateTime.of(2026, 3, 6, 8, 30),
            List.of(Media.described("a loaf of bread"), new Media(MediaKind.VIDEO, null, null, "a baker at work")),
            new Account(
                    1300L,
                    "Leeds",
                    240.0,
                    List.of(
                            EarlierPost.ofLikes(100),
                            EarlierPost.ofLikes(150),
                            EarlierPost.ofLikes(200),
                            EarlierPost.ofLikes(300),
                            new EarlierPost(400, LocalDateTime.of(2026, 2, 27, 8, 30), MediaKind.VIDEO))));

    /** A post of which only the text is known. */
    static final Post BARE = ofContent("Hello");

    private Posts() {}

    static Post ofContent(String content) {
        return new Post(null, content, null, null, null, null, null);
    }

    static Post ofMedia(Media... media) {
        return new Post(null, null, null, null, null, List.of(media), null);
    }
}
