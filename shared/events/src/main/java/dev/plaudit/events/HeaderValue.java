package dev.plaudit.events;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Attributes of events as HTTP headers carry them.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md">CloudEvents'
 *     HTTP protocol binding 1.0.2, section 3.1.3.2</a>
 */
public final class HeaderValue {
    private HeaderValue() {}

    /** The header of an attribute: what is not printable ASCII, and space, double quote and percent, as {@code %XX} of UTF-8. */
    public static String encode(String attribute) {
        StringBuilder header = new StringBuilder(attribute.length());
        for (byte b : attribute.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f && b != '"' && b != '%') {
                header.append((char) b);
            } else {
                header.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return header.toString();
    }

    /** The attribute of a header: quotes are taken off, then {@code %XX} decoded once. */
    public static String decode(String header) {
        String value = unquoted(header);
        if (value.indexOf('%') < 0) {
            return value;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length());
        for (int i = 0; i < value.length(); i++) {
            if (isEncoded(value, i)) {
                bytes.write(HexFormat.fromHexDigits(value, i + 1, i + 3));
                i += 2;
            } else {
                bytes.writeBytes(value.substring(i, i + 1).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static boolean isEncoded(String value, int at) {
        return value.charAt(at) == '%'
                && at + 2 < value.length()
                && HexFormat.isHexDigit(value.charAt(at + 1))
                && HexFormat.isHexDigit(value.charAt(at + 2));
    }

    /** RFC 9110, section 5.6.4: a quoted string is the same as what is in its quotes, less the backslashes. */
    private static String unquoted(String header) {
        return header.length() > 1 && header.startsWith("\"") && header.endsWith("\"")
                ? header.substring(1, header.length() - 1).replaceAll("\\\\(.)", "$1")
                : header;
    }
}
