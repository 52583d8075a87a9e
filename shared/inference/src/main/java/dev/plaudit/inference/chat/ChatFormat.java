package dev.plaudit.inference.chat;

import java.util.List;

/** How a conversation is put to a model. Thread-safe. */
public sealed interface ChatFormat permits JinjaTemplate, Llama2Format {
    /**
     * The text, special tokens included, up to where the assistant's next turn begins.
     *
     * @param messages at least one
     * @throws dev.plaudit.inference.ModelException when a template fails, or refuses such a conversation
     */
    String render(List<Message> messages);
}
