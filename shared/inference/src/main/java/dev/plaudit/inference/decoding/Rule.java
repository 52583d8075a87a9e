package dev.plaudit.inference.decoding;

import java.util.Locale;

/** A condition on a setting. */
final class Rule {
    private Rule() {}

    /** @throws IllegalArgumentException with the rule, when it does not hold */
    static void require(boolean holds, String rule, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, rule, values));
        }
    }
}
