package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Why something cannot be done, as RFC 9457 (Problem Details for HTTP APIs) has it.
 *
 * @param type a URI that names the kind of problem
 * @param title the kind of problem in a few words
 * @param status the HTTP status that goes with it
 * @param detail what is wrong here, and what would be right
 * @param field extension member: the path of the field at fault; null when none is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(String type, String title, int status, String detail, String field) {
    /** A value breaks a rule: 400. */
    public static Problem invalidField(InvalidFieldException e) {
        return new Problem(
                "https://plaudit.dev/problems/invalid-field", "Invalid field", 400, e.getMessage(), e.field());
    }

    /** A problem of no particular field. */
    public static Problem of(int status, String title, String detail) {
        String slug = title.toLowerCase(java.util.Locale.ROOT).replace(' ', '-');
        return new Problem("https://plaudit.dev/problems/" + slug, title, status, detail, null);
    }
}
