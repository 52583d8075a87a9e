package dev.plaudit.inference.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.SpecialTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A chat model's way to put a conversation, in which no message can pass for more than its content: strings that the
 * tokenizer or the format take for marks are taken out of it first. Thread-safe.
 */
public final class ChatTemplate {
    /** Holds the template alone, where it is not in the tokenizer's configuration. */
    public static final String TEMPLATE_FILE = "chat_template.jinja";

    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    private static final String FIELD = "chat_template";
    private static final String DEFAULT = "default";

    private final ChatFormat format;
    private final SpecialTokens marks;

    private ChatTemplate(ChatFormat format, Collection<String> specialTokens) {
        this.format = format;
        List<String> marks = new ArrayList<>(specialTokens);
        marks.addAll(Llama2Format.MARKS);
        this.marks = new SpecialTokens(marks);
    }

    /** Llama 2's original form. */
    public static ChatTemplate llama2(Collection<String> specialTokens) {
        List<String> marks = new ArrayList<>(specialTokens);
        marks.addAll(List.of("<s>", "</s>"));
        return new ChatTemplate(new Llama2Format(), marks);
    }

    /**
     * A template in Jinja.
     *
     * @param tokens what it knows beside the messages: {@code bos_token} and the like
     */
    public static ChatTemplate jinja(String source, Map<String, String> tokens, Collection<String> specialTokens) {
        List<String> marks = new ArrayList<>(specialTokens);
        marks.addAll(tokens.values());
        return new ChatTemplate(new JinjaTemplate(source, Map.copyOf(tokens)), marks);
    }

    /**
     * Whether a folder says how its model is spoken to. An adapter that does may say that it has no template, though its
     * base has one: it was trained on texts without.
     */
    public static boolean isDecidedBy(Path folder) {
        return Files.exists(folder.resolve(TEMPLATE_FILE)) || Files.exists(folder.resolve(TOKENIZER_CONFIG));
    }

    /**
     * The template of a checkpoint folder, if it has one: {@value #TEMPLATE_FILE}, or {@value #FIELD} of
     * {@value #TOKENIZER_CONFIG}, of several the one called {@value #DEFAULT}.
     *
     * @param specialTokens of its tokenizer
     * @throws ModelException when a file cannot be read
     */
    public static Optional<ChatTemplate> in(Path folder, Collection<String> specialTokens) {
        Path config = folder.resolve(TOKENIZER_CONFIG);
        Optional<ConfigFile> tokenizer = Files.exists(config) ? Optional.of(ConfigFile.read(config)) : Optional.empty();
        Map<String, String> tokens = new HashMap<>();
        tokenizer.ifPresent(file -> file.root().properties().forEach(entry -> {
            JsonNode token = entry.getValue().isObject() ? entry.getValue().path("content") : entry.getValue();
            if (entry.getKey().endsWith("_token")
                    && token.isTextual()
                    && !token.asText().isEmpty()) {
                tokens.put(entry.getKey(), token.asText());
            }
        }));
        return source(folder, tokenizer).map(source -> jinja(source, tokens, specialTokens));
    }

    private static Optional<String> source(Path folder, Optional<ConfigFile> tokenizer) {
        Path file = folder.resolve(TEMPLATE_FILE);
        if (Files.exists(file)) {
            try {
                return Optional.of(Files.readString(file));
            } catch (IOException e) {
                throw new ModelException(file + " cannot be read as text", e);
            }
        }
        JsonNode field = tokenizer.map(config -> config.root().path(FIELD)).orElse(null);
        if (field == null || !field.isArray()) {
            return Optional.ofNullable(field).filter(JsonNode::isTextual).map(JsonNode::asText);
        }
        for (JsonNode named : field) {
            if (named.path("name").asText().equals(DEFAULT)) {
                return Optional.of(named.path("template").asText());
            }
        }
        return Optional.empty();
    }

    /**
     * The text to go on from, special tokens included.
     *
     * @param messages at least one
     * @throws ModelException when the template fails, or refuses such a conversation
     */
    public String render(List<Message> messages) {
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("a conversation has at least one message");
        }
        return format.render(messages.stream()
                .map(message -> new Message(message.role(), marks.takenOutOf(message.content())))
                .toList());
    }
}
