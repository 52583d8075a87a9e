import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * The seconds of CPU in a recording made with cpu.jfc that are not the models' own: samples of Java threads outside of the
 * models' calls, the compilers and the garbage collector.
 */
final class OwnTime {
    /** The models' own work: tokens, network, trees, and what the likes model makes of its trees' answers. */
    private static final Set<String> MODELS = Set.of(
            "dev.plaudit.inference.TextTokenizer",
            "dev.plaudit.inference.classification.ClassifierSession",
            "dev.plaudit.trees.LikesModel");

    public static void main(String[] args) throws Exception {
        double seconds = 0;
        double compilers = 0;
        try (RecordingFile recording = new RecordingFile(Path.of(args[0]))) {
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                switch (event.getEventType().getName()) {
                    case "jdk.CPUTimeSample" -> seconds += isModels(event) ? 0 : seconds(event.getDuration("samplingPeriod"));
                    case "jdk.GCCPUTime" ->
                        seconds += seconds(event.getDuration("userTime")) + seconds(event.getDuration("systemTime"));
                    case "jdk.CompilerStatistics" -> compilers = seconds(event.getDuration("totalTimeSpent"));
                    default -> {}
                }
            }
        }
        System.out.printf("%.3f%n", seconds + compilers);
    }

    private static boolean isModels(RecordedEvent sample) {
        return sample.getStackTrace() != null
                && sample.getStackTrace().getFrames().stream()
                        .anyMatch(frame -> MODELS.contains(frame.getMethod().getType().getName()));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
