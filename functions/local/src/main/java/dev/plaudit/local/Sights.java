package dev.plaudit.local;

import dev.plaudit.events.Sight;

/** What was seen, for a person to read. */
final class Sights {
    private Sights() {}

    static String shown(Sight sight) {
        return sight.unavailable() == null ? sight.caption() : "(not seen: " + sight.unavailable() + ")";
    }
}
