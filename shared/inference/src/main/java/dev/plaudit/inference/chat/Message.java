package dev.plaudit.inference.chat;

import java.util.Locale;
import java.util.Objects;

/**
 * One turn of a conversation.
 *
 * @param content any text; whatever it holds, it stays this message's content
 */
public record Message(Role role, String content) {
    /** Who speaks. */
    public enum Role {
        /** How the assistant is to behave; only as the first message. */
        SYSTEM,
        USER,
        ASSISTANT;

        /** As templates call it. */
        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Message {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(content, "content");
    }

    public static Message system(String content) {
        return new Message(Role.SYSTEM, content);
    }

    public static Message user(String content) {
        return new Message(Role.USER, content);
    }

    public static Message assistant(String content) {
        return new Message(Role.ASSISTANT, content);
    }
}
