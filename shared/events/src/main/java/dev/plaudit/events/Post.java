package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A company's post, as the caller gives it.
 *
 * @param id the caller's own name for it; may be null
 * @param content its text; may be null when media say it all, or when it is yet to be written
 * @param username the account that posts it, without {@code @}; may be null
 * @param company the company behind the account; may be null
 * @param date when it is posted, in the poster's own time; may be null
 * @param media its pictures, videos and GIFs, at most {@value #MAX_MEDIA}
 * @param account what is known of the account; never null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Post(
        String id,
        String content,
        String username,
        String company,

        @JsonDeserialize(using = PostDate.Deserializer.class)
        LocalDateTime date,

        List<Media> media,
        Account account) {
    /** The most media that one post may carry. */
    public static final int MAX_MEDIA = 20;

    /** The longest text, in UTF-16 characters: what the most generous network allows. */
    public static final int MAX_CONTENT = 25_000;

    private static final int MAX_ID = 128;
    private static final int MAX_NAME = 200;

    public Post {
        id = Text.optional("id", id, MAX_ID);
        content = Text.optional("content", content, MAX_CONTENT);
        username = Text.optional("username", username, MAX_NAME);
        if (username != null && username.startsWith("@")) {
            username = Text.optional("username", username.substring(1), MAX_NAME);
        }
        company = Text.optional("company", company, MAX_NAME);
        media = media == null ? List.of() : copyOf(media);
        account = account == null ? Account.UNKNOWN : account;
    }

    private static List<Media> copyOf(List<Media> media) {
        if (media.size() > MAX_MEDIA) {
            throw new InvalidFieldException("media", "must be at most " + MAX_MEDIA + ", were " + media.size());
        }
        for (int i = 0; i < media.size(); i++) {
            if (media.get(i) == null) {
                throw new InvalidFieldException("media[" + i + "]", "must not be null");
            }
        }
        return List.copyOf(media);
    }

    /** True when a medium is not yet described, so that a model must look at it. */
    public boolean needsLook() {
        return media.stream().anyMatch(Media::needsLook);
    }

    /** The kind of its media: of several the one that moves most, video before GIF before photo; null without media. */
    public MediaKind mediaKind() {
        return Stream.of(MediaKind.VIDEO, MediaKind.GIF, MediaKind.PHOTO)
                .filter(kind -> media.stream().anyMatch(medium -> medium.kind() == kind))
                .findFirst()
                .orElse(null);
    }

    /** This post, if there is something in it to score. */
    public Post requireScorable() {
        if (media.isEmpty() && content == null) {
            throw new InvalidFieldException("content", "is missing, and there are no media: nothing to score");
        }
        if (media.isEmpty() && !Text.hasWords(content)) {
            throw new InvalidFieldException(
                    "content", "must contain a letter or a digit when there are no media: no model reads emoji alone");
        }
        return this;
    }

    /** This post, if enough is known of it to write its text. */
    public Post requireWritable() {
        if (company == null && username == null && media.isEmpty()) {
            throw new InvalidFieldException(
                    "company", "is missing, and there are neither a username nor media: nothing to write about");
        }
        return this;
    }

    /** This post, if it is fit for a task. */
    public Post requireFitFor(Task task) {
        return switch (task) {
            case BEHAVIOR, LEVEL -> requireScorable();
            case CONTENT -> requireWritable();
        };
    }

    /** These posts, if there is something in each to score; a refusal names the one at fault by its place. */
    public static List<Post> requireScorable(List<Post> posts) {
        for (int i = 0; i < posts.size(); i++) {
            if (posts.get(i) == null) {
                throw new InvalidFieldException("[" + i + "]", "must not be null");
            }
            try {
                posts.get(i).requireScorable();
            } catch (InvalidFieldException e) {
                throw new InvalidFieldException("[" + i + "]." + e.field(), e.rule());
            }
        }
        return posts;
    }

    /** This post by an account of which this is known. */
    public Post withAccount(Account account) {
        return new Post(id, content, username, company, date, media, account);
    }

    /** This post with another text. */
    public Post withContent(String content) {
        return new Post(id, content, username, company, date, media, account);
    }

    /** This post with other media. */
    public Post withMedia(List<Media> media) {
        return new Post(id, content, username, company, date, media, account);
    }

    /** This post with its media described as models saw them, if they did, so that nobody looks again. */
    public Post seen(List<Sight> sights) {
        return sights.isEmpty()
                ? this
                : withMedia(IntStream.range(0, media.size())
                        .mapToObj(i -> media.get(i).withCaption(sights.get(i).caption()))
                        .toList());
    }
}
