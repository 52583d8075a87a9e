package dev.plaudit.training.writer;

import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Prompt;
import dev.plaudit.features.LevelPrompt;
import dev.plaudit.features.PromptFit;
import dev.plaudit.inference.chat.Message;
import dev.plaudit.inference.llama.TextGenerator;
import java.util.Arrays;
import java.util.List;

/**
 * What a writer is asked when it is measured: as tokens, cut as serving cuts it to what the model has room for. What is
 * too long even so loses its beginning, as in training, so that no post is too long to be measured.
 */
record WriterPrompts(TextGenerator writer) {
    /**
     * To write a post.
     *
     * @param answer tokens for which there must be room, fewer than the model has
     */
    int[] writing(Post post, int answer) {
        return fitting(WriterInstructions.prompt(post, Options.DEFAULT), answer, PromptFit.EXPENDABLE);
    }

    /** To tell the like level of a post. */
    int[] level(Post post) {
        return fitting(LevelPrompt.of(post, List.of()), LevelPrompt.ANSWER_TOKENS, List.of(LevelPrompt.TEXT));
    }

    private int[] tokens(String prompt) {
        return writer.chats() ? writer.prompt(List.of(Message.user(prompt))) : writer.prompt(prompt);
    }

    private int[] fitting(Prompt prompt, int answer, List<String> expendable) {
        int[] tokens = new PromptFit(this::tokens, writer.contextLength()).fit(prompt, answer, expendable);
        int most = Math.max(1, writer.contextLength() - answer);
        if (tokens.length <= most) {
            return tokens;
        }
        int[] end = Arrays.copyOfRange(tokens, tokens.length - most, tokens.length);
        end[0] = tokens[0];
        return end;
    }

    /** A text, or that beginning of it (its first half, quarter and so on) that half of the model's context has room for. */
    String beginning(String text) {
        String beginning = text;
        while (writer.prompt(beginning).length > writer.contextLength() / 2) {
            int half = beginning.codePointCount(0, beginning.length()) / 2;
            beginning = beginning.substring(0, beginning.offsetByCodePoints(0, half));
        }
        return beginning;
    }
}
