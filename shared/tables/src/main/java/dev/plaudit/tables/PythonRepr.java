package dev.plaudit.tables;

import dev.plaudit.events.InvalidFieldException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads what Python's {@code repr} writes of data classes: constructor calls, lists, tuples, texts, numbers, {@code None},
 * {@code True} and {@code False}, as the Python Language Reference has them (section 2, Lexical analysis). Gives
 * {@link Call}, {@link List}, {@link String}, {@link Double}, {@link Boolean} and null.
 */
final class PythonRepr {
    /** A constructor call: its last name and its keyword arguments; positional arguments are passed over. */
    record Call(String name, Map<String, Object> arguments) {
        /** An argument that is a text; null otherwise. */
        String text(String argument) {
            return arguments.get(argument) instanceof String text ? text : null;
        }
    }

    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d++\\.?+\\d*+|\\.\\d++)([eE][-+]?\\d++)?");
    private static final int MAX_DEPTH = 32;
    private static final int END = -1;

    private final String source;
    private int at;

    PythonRepr(String source) {
        this.source = source;
    }

    /** @throws InvalidFieldException naming {@code media}, the position and what was expected there */
    Object parse() {
        Object value = value(0);
        if (peek() != END) {
            throw expected("the end");
        }
        return value;
    }

    private Object value(int depth) {
        if (depth > MAX_DEPTH) {
            throw new InvalidFieldException("media", where() + "nested deeper than " + MAX_DEPTH);
        }
        int c = peek();
        if (c == '[') {
            return sequence(']', depth);
        }
        if (c == '(') {
            return sequence(')', depth);
        }
        if (c == '\'' || c == '"') {
            return text();
        }
        if (c == '-' || c == '+' || c == '.' || isDigit(c)) {
            return number();
        }
        if (isNameStart(c)) {
            return named(depth);
        }
        throw expected("a value");
    }

    private List<Object> sequence(char close, int depth) {
        List<Object> values = new ArrayList<>();
        at++;
        while (peek() != close) {
            values.add(value(depth + 1));
            separator(close);
        }
        at++;
        return values;
    }

    private Object named(int depth) {
        String name = name();
        if (peek() == '(') {
            return call(name, depth);
        }
        return switch (name) {
            case "None" -> null;
            case "True" -> true;
            case "False" -> false;
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            default -> throw expected("'(' after " + (name.length() <= 40 ? name : name.substring(0, 40) + "…"));
        };
    }

    private Call call(String name, int depth) {
        Map<String, Object> arguments = new HashMap<>();
        at++;
        while (peek() != ')') {
            int start = at;
            String keyword = isNameStart(peek()) ? name() : null;
            if (keyword != null && peek() == '=') {
                at++;
                arguments.put(keyword, value(depth + 1));
            } else {
                at = start;
                value(depth + 1);
            }
            separator(')');
        }
        at++;
        return new Call(name.substring(name.lastIndexOf('.') + 1), arguments);
    }

    private void separator(char close) {
        int c = peek();
        if (c == ',') {
            at++;
        } else if (c != close) {
            throw expected("',' or '" + close + "'");
        }
    }

    private String name() {
        int start = at;
        while (at < source.length() && (isNameStart(source.charAt(at)) || isDigit(source.charAt(at)) || dot())) {
            at++;
        }
        return source.substring(start, at);
    }

    private boolean dot() {
        return source.charAt(at) == '.';
    }

    private Double number() {
        int start = at;
        while (at < source.length()
                && (isDigit(source.charAt(at))
                        || "+-._".indexOf(source.charAt(at)) >= 0
                        || Character.isLetter(source.charAt(at)))) {
            at++;
        }
        String digits = source.substring(start, at);
        if (digits.equals("+inf") || digits.equals("-inf")) {
            return digits.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (!NUMBER.matcher(digits).matches()) {
            at = start;
            throw expected("a number");
        }
        return Double.valueOf(digits);
    }

    private String text() {
        char quote = source.charAt(at++);
        StringBuilder text = new StringBuilder();
        while (at < source.length()) {
            char c = source.charAt(at++);
            if (c == quote) {
                return text.toString();
            }
            if (c != '\\') {
                text.append(c);
            } else if (at < source.length()) {
                escape(text);
            }
        }
        throw expected("a closing " + quote);
    }

    private void escape(StringBuilder text) {
        char c = source.charAt(at++);
        switch (c) {
            case '\n' -> {}
            case '\\', '\'', '"' -> text.append(c);
            case 'a' -> text.append('\u0007');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'v' -> text.append('\u000B');
            case 'x' -> text.appendCodePoint(hex(2));
            case 'u' -> text.appendCodePoint(hex(4));
            case 'U' -> text.appendCodePoint(hex(8));
            case '0', '1', '2', '3', '4', '5', '6', '7' -> text.append((char) octal());
            default -> text.append('\\').append(c);
        }
    }

    private int hex(int digits) {
        long value = 0;
        for (int i = 0; i < digits; i++, at++) {
            int digit = at < source.length() ? Character.digit(source.charAt(at), 16) : -1;
            if (digit < 0) {
                throw expected(digits + " hexadecimal digits");
            }
            value = value * 16 + digit;
        }
        if (value > Character.MAX_CODE_POINT) {
            throw new InvalidFieldException("media", where() + "\\U%08x is no character".formatted(value));
        }
        return (int) value;
    }

    private int octal() {
        at--;
        int value = 0;
        for (int i = 0; i < 3 && at < source.length() && source.charAt(at) >= '0' && source.charAt(at) <= '7'; i++) {
            value = value * 8 + source.charAt(at++) - '0';
        }
        return value;
    }

    /** The next character that is no white space, or {@link #END}. */
    private int peek() {
        while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
            at++;
        }
        return at < source.length() ? source.charAt(at) : END;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(int c) {
        return c == '_' || Character.isLetter(c);
    }

    private String where() {
        return "at character " + (at + 1) + ": ";
    }

    private InvalidFieldException expected(String what) {
        String found = at >= source.length()
                ? "the end"
                : Character.isISOControl(source.charAt(at)) || Character.isSurrogate(source.charAt(at))
                        ? "U+%04X".formatted((int) source.charAt(at))
                        : "'" + source.charAt(at) + "'";
        return new InvalidFieldException("media", where() + "expected " + what + ", found " + found);
    }
}
