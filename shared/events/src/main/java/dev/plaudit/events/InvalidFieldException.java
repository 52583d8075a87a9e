package dev.plaudit.events;

/** A value in a document that breaks a rule. Says which field and which rule; the message is fit for a caller. */
public final class InvalidFieldException extends IllegalArgumentException {
    private final String field;
    private final String rule;

    /**
     * @param field the field's path in the document, as in {@code post.media[2].kind}
     * @param rule what a right value is, as in {@code must not be negative}
     */
    public InvalidFieldException(String field, String rule) {
        super(field + ": " + rule);
        this.field = field;
        this.rule = rule;
    }

    public String field() {
        return field;
    }

    public String rule() {
        return rule;
    }
}
