package dev.plaudit.local;

import dev.plaudit.events.Draft;
import dev.plaudit.events.Sight;
import dev.plaudit.events.Simulation;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** Written posts for a person to read. */
record DraftSheet(PrintWriter out, Ansi ansi) {
    void print(Simulation simulation) {
        if (simulation.problem() != null) {
            out.println(simulation.problem().detail());
            return;
        }
        simulation.sights().forEach(this::printSight);
        List<Draft> drafts = simulation.drafts();
        if (drafts.isEmpty()) {
            out.println("(the model had nothing to say)");
        }
        for (int i = 0; i < drafts.size(); i++) {
            printDraft(drafts.size() == 1 ? "" : i + 1 + ". ", drafts.get(i));
        }
    }

    private void printSight(Sight sight) {
        out.println("shows   " + Sights.shown(sight));
        if (sight.text() != null && !sight.text().isEmpty()) {
            out.println("reads   " + sight.text().stream().collect(Collectors.joining(" / ")));
        }
    }

    private void printDraft(String number, Draft draft) {
        String likes = draft.engagement() == null
                ? ""
                : ansi.string("@|bold,green %,d|@ likes, 80 %%: %,d to %,d%n"
                        .formatted(
                                draft.engagement().likes(),
                                draft.engagement().low(),
                                draft.engagement().high()));
        out.println(number + likes + draft.text().indent(number.length()).strip());
        out.println();
    }
}
