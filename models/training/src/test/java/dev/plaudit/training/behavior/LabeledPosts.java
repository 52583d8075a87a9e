package dev.plaudit.training.behavior;

import dev.plaudit.events.Media;
import dev.plaudit.events.Post;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Posts of companies that do not exist. */
final class LabeledPosts {
    private static final LocalDateTime FIRST = LocalDateTime.of(2026, 1, 1, 9, 0);

    private LabeledPosts() {}

    /** The account's post of the n-th hour. */
    static LabeledPost of(String company, String username, int hour, int likes) {
        return new LabeledPost(
                new Post(
                        null,
                        "post of hour " + hour,
                        username,
                        company,
                        FIRST.plusHours(hour),
                        List.of(Media.described(likes > 200 ? "a crowd that cheers" : "an empty chair")),
                        null),
                likes);
    }

    /** Posts of 24 accounts of 12 companies, each account with its own typical likes. */
    static List<LabeledPost> of(int count, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    int account = random.nextInt(24);
                    double typical = 1 + account * 8.5 / 24;
                    int likes = (int) Math.expm1(Math.max(0, typical + 0.4 * random.nextGaussian()));
                    return of("company" + account / 2, "account" + account, i, likes);
                })
                .toList();
    }
}
