package dev.plaudit.inference.chat;

/**
 * Jinja's rules of whitespace, worked into a template's source as Hugging Face sets them: a dash inside a tag takes all
 * whitespace on its side, a block or comment takes the blanks before it on its line ({@code lstrip_blocks}) and the line
 * break after it ({@code trim_blocks}) unless a plus says no, and the source's last line break goes. Jinjava's own rules
 * leave the dashes of expressions out.
 *
 * @see <a href="https://jinja.palletsprojects.com/en/stable/templates/#whitespace-control">whitespace control</a>
 */
final class JinjaWhitespace {
    private final String source;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private JinjaWhitespace(String source) {
        this.source = source;
    }

    /** The source that says the same where no whitespace is to be taken away any more. */
    static String applied(String source) {
        return new JinjaWhitespace(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source).run();
    }

    private String run() {
        while (true) {
            int open = nextTag();
            if (open < 0) {
                return out.append(source, at, source.length()).toString();
            }
            out.append(source, at, open);
            at = open;
            tag(source.charAt(open + 1));
        }
    }

    private int nextTag() {
        int open = source.indexOf('{', at);
        while (open >= 0 && (open + 1 == source.length() || "{%#".indexOf(source.charAt(open + 1)) < 0)) {
            open = source.indexOf('{', open + 1);
        }
        return open;
    }

    private void tag(char kind) {
        int end = end(kind);
        int from = at + 2;
        char first = from < end ? source.charAt(from) : ' ';
        char last = end > from ? source.charAt(end - 1) : ' ';
        boolean block = kind != '{';
        if (first == '-') {
            out.setLength(lengthWithout(Character::isWhitespace));
        } else if (block && first != '+' && beginsLine()) {
            out.setLength(lengthWithout(JinjaWhitespace::isBlank));
        }
        if (kind != '#') {
            out.append(source, at, at + 2)
                    .append(
                            source,
                            first == '-' || first == '+' ? from + 1 : from,
                            last == '-' || last == '+' ? end - 1 : end)
                    .append(source, end, Math.min(end + 2, source.length()));
        }
        at = Math.min(end + 2, source.length());
        if (last == '-') {
            while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
                at++;
            }
        } else if (block && last != '+' && at < source.length() && source.charAt(at) == '\n') {
            at++;
        }
    }

    /** Where the tag's closing mark begins, which is none inside a string. */
    private int end(char kind) {
        String close = (kind == '{' ? '}' : kind) + "}";
        char quote = 0;
        for (int i = at + 2; i < source.length(); i++) {
            char c = source.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (kind != '#' && (c == '"' || c == '\'')) {
                quote = c;
            } else if (source.startsWith(close, i)) {
                return i;
            }
        }
        return source.length();
    }

    /** Whether only blanks stand before the tag on its line. */
    private boolean beginsLine() {
        int before = at - 1;
        while (before >= 0 && isBlank(source.charAt(before))) {
            before--;
        }
        return before < 0 || source.charAt(before) == '\n';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private interface Characters {
        boolean hold(char c);
    }

    private int lengthWithout(Characters taken) {
        int length = out.length();
        while (length > 0 && taken.hold(out.charAt(length - 1))) {
            length--;
        }
        return length;
    }
}
