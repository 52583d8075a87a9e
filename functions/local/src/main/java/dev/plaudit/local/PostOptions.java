package dev.plaudit.local;

import dev.plaudit.events.Account;
import dev.plaudit.events.EarlierPost;
import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Media;
import dev.plaudit.events.Post;
import dev.plaudit.events.PostDate;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What is known of a post, but for its text. */
final class PostOptions {
    @Option(names = "--company", description = "The company behind the account.")
    private String company;

    @Option(names = "--username", description = "The account that posts.")
    private String username;

    @Option(names = "--date", description = "When it is posted, as in 2026-03-06T08:30.")
    private String date;

    @Option(names = "--caption", description = "What its picture shows; once for each picture.", paramLabel = "TEXT")
    private List<String> captions = List.of();

    @Option(
            names = "--image",
            description = "A picture to look at, a file or an address; once for each picture.",
            paramLabel = "FILE|URL")
    private List<String> images = List.of();

    @Option(names = "--followers", description = "How many follow the account.", paramLabel = "N")
    private Long followers;

    @Option(names = "--typical-likes", description = "What its posts usually get.", paramLabel = "N")
    private Double typicalLikes;

    @Option(
            names = "--history",
            split = ",",
            converter = EarlierPostConverter.class,
            description = "The likes of earlier posts, as in 120,80,310, or better with their dates and what they"
                    + " carried, as in 120@2026-02-27@photo,80@2026-03-02.",
            paramLabel = "N[@DATE[@KIND]]")
    private List<EarlierPost> history = List.of();

    @Option(
            names = "--earlier-post",
            description =
                    "The text of an earlier post, so that a writer writes alike; once for each, the most similar first.",
            paramLabel = "TEXT")
    private List<String> posts = List.of();

    @Option(names = "--location", description = "Where the account says it is.")
    private String location;

    Post read() {
        return new Post(
                null,
                null,
                username,
                company,
                date == null ? null : PostDate.parse(date),
                Stream.concat(
                                captions.stream().map(PostOptions::described),
                                images.stream().map(PostOptions::picture))
                        .toList(),
                new Account(followers, location, typicalLikes, history, posts));
    }

    private static Media picture(String address) {
        if (address.isBlank()) {
            throw new InvalidFieldException("image", "must be a file or an address");
        }
        return Media.photo(address);
    }

    private static Media described(String caption) {
        if (caption.isBlank()) {
            throw new InvalidFieldException("caption", "must say what the picture shows");
        }
        return Media.described(caption);
    }
}
