package dev.plaudit.gateway;

import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Writing;

/**
 * A post that is to be written.
 *
 * @param post what is known of it; a text in it is not looked at
 * @param wishedLikes how many likes it should get; null for no wish
 * @param writing how many drafts, and how; one draft when null
 */
public record WritingRequest(Post post, Integer wishedLikes, Writing writing) {
    public WritingRequest {
        if (post == null) {
            throw new InvalidFieldException("post", "is missing: company, username, date, media, account");
        }
    }

    Options options() {
        return new Options(false, wishedLikes, writing);
    }
}
