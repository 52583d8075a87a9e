package dev.plaudit.local;

import dev.plaudit.training.Progress;
import me.tongfei.progressbar.ProgressBar;

/** Shows a long task on standard error: one bar for each of its stages. */
final class ConsoleProgress implements Progress, AutoCloseable {
    private static final int STEPS = 1000;

    private String stage = "";
    private ProgressBar bar;

    @Override
    public void update(String stage, double fraction, String detail) {
        if (!stage.equals(this.stage)) {
            close();
            this.stage = stage;
            bar = Bars.steps(stage, STEPS);
        }
        bar.setExtraMessage(" " + detail);
        bar.stepTo(Math.round(fraction * STEPS));
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
