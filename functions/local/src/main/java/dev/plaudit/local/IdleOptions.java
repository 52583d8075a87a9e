package dev.plaudit.local;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** Refuses options that would have no effect beside others, so that nobody relies on one that was not heeded. */
final class IdleOptions {
    private IdleOptions() {}

    /**
     * Refuses those of some options that were given.
     *
     * @param beside what leaves them without effect, for the error
     * @throws IllegalArgumentException that names one that was given
     */
    static void refuse(CommandSpec spec, Set<String> idle, String beside) {
        Set<String> given = given(spec);
        given.retainAll(idle);
        refuse(given, beside);
    }

    /** Refuses all options that were given but some. */
    static void refuseAllBut(CommandSpec spec, Set<String> heeded, String beside) {
        Set<String> given = given(spec);
        given.removeAll(heeded);
        refuse(given, beside);
    }

    private static Set<String> given(CommandSpec spec) {
        return spec.commandLine().getParseResult().matchedOptions().stream()
                .filter(option -> !option.inherited())
                .map(option -> option.longestName())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void refuse(Set<String> idle, String beside) {
        if (!idle.isEmpty()) {
            throw new IllegalArgumentException(
                    String.join(", ", idle) + " would have no effect with " + beside + ": leave it out");
        }
    }
}
