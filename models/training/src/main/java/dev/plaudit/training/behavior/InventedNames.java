package dev.plaudit.training.behavior;

import dev.plaudit.events.Post;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * Gives posts names that no account has, the front of one real name and the end of another: a model that meets them in
 * training learns to go by the history where the names tell it nothing, as they do for every new customer.
 */
final class InventedNames {
    private final List<String> usernames;
    private final List<String> companies;

    InventedNames(List<Post> posts) {
        this.usernames =
                posts.stream().map(Post::username).filter(Objects::nonNull).toList();
        this.companies =
                posts.stream().map(Post::company).filter(Objects::nonNull).toList();
    }

    /** The post under invented names; a name that it has not is not invented. */
    Post rename(Post post, Random random) {
        return new Post(
                post.id(),
                post.content(),
                post.username() == null ? null : invented(usernames, random),
                post.company() == null ? null : invented(companies, random),
                post.date(),
                post.media(),
                post.account());
    }

    private static String invented(List<String> names, Random random) {
        String front = names.get(random.nextInt(names.size()));
        String end = names.get(random.nextInt(names.size()));
        return front.substring(0, middle(front, 1)) + end.substring(middle(end, 0));
    }

    /** The middle of a name, between two characters, be they outside the Basic Multilingual Plane. */
    private static int middle(String name, int extra) {
        int characters = name.codePointCount(0, name.length());
        return name.offsetByCodePoints(0, (characters + extra) / 2);
    }
}
