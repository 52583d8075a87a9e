package dev.plaudit.inference.chat;

import dev.plaudit.inference.ModelException;
import java.util.List;

/**
 * The form that Llama 2's chat models were trained on (Touvron et al. 2023, "Llama 2", and the code published with it):
 * {@code <s>[INST] <<SYS>>…<</SYS>> user [/INST] assistant </s>}. The first message may be the system's; then user and
 * assistant take turns, the user first and last.
 */
public record Llama2Format() implements ChatFormat {
    /** Strings that are no special tokens but mean as much. */
    static final List<String> MARKS = List.of("[INST]", "[/INST]", "<<SYS>>", "<</SYS>>");

    @Override
    public String render(List<Message> messages) {
        StringBuilder text = new StringBuilder();
        String system = "";
        boolean usersTurn = true;
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            String content = message.content().strip();
            if (i == 0 && message.role() == Message.Role.SYSTEM) {
                system = "<<SYS>>\n" + content + "\n<</SYS>>\n\n";
            } else if (message.role() == (usersTurn ? Message.Role.USER : Message.Role.ASSISTANT)) {
                text.append(usersTurn ? "<s>[INST] " + system + content + " [/INST]" : " " + content + " </s>");
                system = "";
                usersTurn = !usersTurn;
            } else {
                throw new ModelException("in Llama 2's form user and assistant take turns, but message " + (i + 1)
                        + " is the " + message.role().id() + "'s");
            }
        }
        if (usersTurn) {
            throw new ModelException("in Llama 2's form the last message must be the user's");
        }
        return text.toString();
    }
}
