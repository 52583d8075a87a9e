package dev.plaudit.inference.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.interpret.FatalTemplateErrorsException;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.loader.ResourceNotFoundException;
import dev.plaudit.inference.ModelException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A checkpoint's own template, in Jinja. It comes with the checkpoint and is trusted no more than that: it sees the messages
 * and nothing else, neither Java nor files, and what it writes and how long it takes have limits.
 *
 * @param source the template
 * @param tokens {@code bos_token}, {@code eos_token} and the like, which templates write
 */
record JinjaTemplate(String source, Map<String, String> tokens) implements ChatFormat {
    private static final long MAX_CHARACTERS = 4_000_000;
    private static final int MAX_RANGE = 10_000;
    private static final int MAX_DEPTH = 20;
    private static final Duration TIME = Duration.ofSeconds(2);
    private static final Jinjava JINJA = jinja();

    @Override
    public String render(List<Message> messages) {
        // A token that a tokenizer has not is written as nothing.
        Map<String, Object> context = new HashMap<>(Map.of("bos_token", "", "eos_token", ""));
        context.putAll(tokens);
        context.put(
                "messages",
                messages.stream()
                        .map(message -> Map.of("role", message.role().id(), "content", message.content()))
                        .toList());
        context.put("add_generation_prompt", true);
        RenderResult result;
        try {
            result = JINJA.renderForResult(
                    JinjaWhitespace.applied(source), context, limits(System.nanoTime() + TIME.toNanos()));
        } catch (FatalTemplateErrorsException e) {
            throw failed(e.getErrors().iterator().next());
        } catch (OutOfTime e) {
            throw new ModelException("the chat template takes more than " + TIME.toSeconds() + " seconds", e);
        }
        for (TemplateError error : result.getErrors()) {
            throw failed(error);
        }
        return result.getOutput();
    }

    private static ModelException failed(TemplateError error) {
        Throwable cause = error.getException();
        while (cause != null) {
            if (cause instanceof Raised raised) {
                return new ModelException("the chat template refuses the conversation: " + raised.getMessage(), raised);
            }
            if (cause instanceof OutOfTime) {
                return new ModelException("the chat template takes more than " + TIME.toSeconds() + " seconds", cause);
            }
            cause = cause.getCause();
        }
        return new ModelException("the chat template fails: "
                + error.getMessage().lines().findFirst().orElse("unknown"));
    }

    private static JinjavaConfig limits(long deadline) {
        return JinjavaConfig.newBuilder()
                .withKeepTrailingNewline(true)
                .withFailOnUnknownTokens(true)
                .withMaxOutputSize(MAX_CHARACTERS)
                .withMaxStringLength(MAX_CHARACTERS)
                .withMaxListSize(MAX_RANGE)
                .withMaxMapSize(MAX_RANGE)
                .withRangeLimit(MAX_RANGE)
                .withMaxRenderDepth(MAX_DEPTH)
                .withNestedInterpretationEnabled(false)
                .withDisabled(Map.of(Library.TAG, Set.of("include", "import", "from", "extends")))
                .withProcessors(JinjavaProcessors.newBuilder()
                        .withNodePreProcessor((node, interpreter) -> {
                            if (System.nanoTime() > deadline) {
                                throw new OutOfTime();
                            }
                        })
                        .build())
                .build();
    }

    private static Jinjava jinja() {
        Jinjava jinja = new Jinjava();
        jinja.setResourceLocator((name, encoding, interpreter) -> {
            throw new ResourceNotFoundException(name);
        });
        jinja.registerFunction(
                new ELFunctionDefinition("", "raise_exception", JinjaTemplate.class, "raise", String.class));
        return jinja;
    }

    /** {@code raise_exception} of a template. */
    public static String raise(String message) {
        throw new Raised(message);
    }

    private static final class Raised extends RuntimeException {
        Raised(String message) {
            super(message);
        }
    }

    private static final class OutOfTime extends RuntimeException {}
}
