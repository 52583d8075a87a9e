package dev.plaudit.local;

import dev.plaudit.events.Driver;
import dev.plaudit.events.Engagement;
import dev.plaudit.events.LikeBucket;
import dev.plaudit.events.Post;
import dev.plaudit.events.Sight;
import dev.plaudit.events.Simulation;
import java.io.PrintWriter;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;

/** A prediction as a person would read it. */
final class ScoreSheet {
    private static final int BAR = 30;
    private static final int MOST_DRIVERS = 8;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE d MMM uuuu, HH:mm", Locale.ENGLISH);

    private final PrintWriter out;
    private final Ansi ansi;

    ScoreSheet(PrintWriter out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    void print(Simulation simulation) {
        out.println(ansi.string("@|bold " + escaped(title(simulation.post())) + "|@"));
        if (simulation.problem() != null) {
            out.println("  " + simulation.problem().detail());
            return;
        }
        simulation.sights().forEach(this::printSight);
        Engagement engagement = simulation.engagement();
        out.println(ansi.string("  likes   @|bold,green %,d|@   80 %%: %,d to %,d"
                .formatted(engagement.likes(), engagement.low(), engagement.high())));
        for (LikeBucket bucket : LikeBucket.values()) {
            printBucket(bucket, engagement);
        }
        if (!engagement.drivers().isEmpty()) {
            out.println("  what moved it");
            engagement.drivers().stream().limit(MOST_DRIVERS).forEach(this::printDriver);
        }
        out.println();
    }

    private void printSight(Sight sight) {
        out.println("  shows   " + Sights.shown(sight));
    }

    private void printBucket(LikeBucket bucket, Engagement engagement) {
        double probability = engagement.probabilities().get(bucket.ordinal());
        String line = "  %11s  %3.0f %%  %s"
                .formatted(
                        bucket == LikeBucket.OVER_2500
                                ? "over 2,500"
                                : "%,d-%,d".formatted(bucket.low(), bucket.high()),
                        100 * probability,
                        "█".repeat((int) Math.round(BAR * probability)));
        out.println(bucket == engagement.bucket() ? ansi.string("@|green " + line + "|@") : line);
    }

    private void printDriver(Driver driver) {
        out.println("    %-7s %s"
                        .formatted(
                                "×%.2f".formatted(driver.effect()),
                                driver.name().replace('_', ' '))
                + (driver.source() == Driver.Source.PROMPT ? " (in the prompt)" : ""));
    }

    private static String title(Post post) {
        return Stream.of(
                        post.company(),
                        post.username() == null ? null : "@" + post.username(),
                        post.date() == null ? null : DATE.format(post.date()),
                        excerpt(post))
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" · "));
    }

    private static String excerpt(Post post) {
        String text = post.content() != null
                ? post.content()
                : post.media().stream()
                        .map(media -> media.caption() == null ? media.kind().value() : media.caption())
                        .collect(Collectors.joining("; "));
        String line = text.replaceAll("\\s+", " ");
        return line.codePointCount(0, line.length()) <= 60
                ? line
                : line.substring(0, line.offsetByCodePoints(0, 60)) + "…";
    }

    /** Text that a person wrote is no markup. */
    private static String escaped(String text) {
        return text.replace("@|", "@ |").replace("|@", "| @");
    }
}
