package dev.plaudit.local;

import java.io.Console;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress bars on standard error, drawn only where a person watches. */
final class Bars {
    private Bars() {}

    /** A bar for work whose end nobody knows. */
    static ProgressBar counting(String name, String unit) {
        return builder(name).setInitialMax(-1).setUnit(unit, 1).showSpeed().build();
    }

    /** A bar for work of so many steps. */
    static ProgressBar steps(String name, int steps) {
        return builder(name).setInitialMax(steps).hideEta().build();
    }

    /** A bar for bytes whose number is told later. */
    static ProgressBar mebibytes(String name) {
        return builder(name).setInitialMax(-1).setUnit(" MiB", 1).build();
    }

    private static ProgressBarBuilder builder(String name) {
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName(name)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(500);
        Console console = System.console();
        return console != null && console.isTerminal()
                ? builder
                : builder.setConsumer(new DelegatingProgressBarConsumer(line -> {}));
    }
}
