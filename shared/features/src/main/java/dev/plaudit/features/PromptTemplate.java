package dev.plaudit.features;

import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Prompt;
import dev.plaudit.events.Sight;
import dev.plaudit.events.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a post is put to a model. A template is plain text; each line that names fields, as in
 * {@code Company: {company}}, becomes one part of the prompt and is left out when nothing is known of any of its
 * fields. {@code {content:280}} cuts a field to 280 characters, between words. Values are put on one line, so no value
 * can pass for a line of the template.
 *
 * <p>Fields: caption, picture_text, content, company, username, posts, location, followers, typical_likes,
 * low_likes, high_likes, earlier_posts, recent_likes, kind_likes, wished_likes, media, date, time, hour, weekday, month,
 * year.
 */
public final class PromptTemplate {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_]+)(?::(\\d{1,6}))?}");

    private record Slot(PromptField field, int maxLength) {}

    /** The slots stand between the literals, of which there is one more; the name is that of the prompt's part. */
    private record Line(String name, List<String> literals, List<Slot> slots) {}

    private final List<Line> lines;

    private PromptTemplate(List<Line> lines) {
        this.lines = lines;
    }

    /** The template that the models that ship were trained with. */
    public static PromptTemplate standard(Task task) {
        return ofResource(task.value() + "-prompt.txt");
    }

    static PromptTemplate ofResource(String resource) {
        try (InputStream in = PromptTemplate.class.getResourceAsStream(resource)) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    /**
     * Reads a template; a byte order mark at its beginning is no part of it.
     *
     * @throws IllegalArgumentException for a field that does not exist, or a template without any
     */
    public static PromptTemplate parse(String template) {
        String text = template.startsWith("\uFEFF") ? template.substring(1) : template;
        List<Line> lines = text.strip().lines().map(PromptTemplate::line).toList();
        if (lines.stream().allMatch(line -> line.slots().isEmpty())) {
            throw new IllegalArgumentException("a prompt template must name at least one field, as in {content}");
        }
        return new PromptTemplate(lines);
    }

    private static Line line(String text) {
        List<Slot> slots =
                PLACEHOLDER.matcher(text).results().map(PromptTemplate::slot).toList();
        String name = slots.stream().map(slot -> slot.field().placeholder()).collect(Collectors.joining("+"));
        return new Line(name, List.of(PLACEHOLDER.split(text, -1)), slots);
    }

    private static Slot slot(MatchResult placeholder) {
        String name = placeholder.group(1);
        PromptField field = Arrays.stream(PromptField.values())
                .filter(f -> f.placeholder().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown field {" + name + "} in a prompt template; "
                        + "fields are " + fieldNames().toLowerCase(Locale.ROOT)));
        return new Slot(
                field, placeholder.group(2) == null ? Integer.MAX_VALUE : Integer.parseInt(placeholder.group(2)));
    }

    private static String fieldNames() {
        return Arrays.stream(PromptField.values()).map(PromptField::placeholder).collect(Collectors.joining(", "));
    }

    /**
     * Writes the prompt of a post.
     *
     * @param sights what models saw in its media, in order; where there is none, the caller's captions stand in
     */
    public Prompt write(Post post, List<Sight> sights) {
        return write(post, sights, Options.DEFAULT);
    }

    /**
     * Writes the prompt of a post.
     *
     * @param sights what models saw in its media, in order; where there is none, the caller's captions stand in
     * @param options may wish for likes
     */
    public Prompt write(Post post, List<Sight> sights, Options options) {
        PostView view = PostView.of(post, sights, options);
        StringBuilder text = new StringBuilder();
        List<Prompt.Part> parts = new ArrayList<>();
        for (Line line : lines) {
            String written = write(line, view);
            if (written.isEmpty()) {
                continue;
            }
            int start = text.length();
            text.append(written).append('\n');
            if (!line.slots().isEmpty()) {
                parts.add(new Prompt.Part(line.name(), start, text.length()));
            }
        }
        return new Prompt(text.toString(), parts);
    }

    /** The line with its fields filled in; empty when it names fields and none of them is known. */
    private static String write(Line line, PostView view) {
        StringBuilder written = new StringBuilder(line.literals().getFirst());
        boolean known = line.slots().isEmpty();
        for (int i = 0; i < line.slots().size(); i++) {
            Slot slot = line.slots().get(i);
            String value = PlainText.cut(slot.field().read(view), slot.maxLength());
            known |= !value.isEmpty();
            written.append(value).append(line.literals().get(i + 1));
        }
        return known ? written.toString().strip() : "";
    }
}
