package dev.plaudit.ocr;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** The OCR function's settings, {@code plaudit.ocr.*}. Names and meanings of the thresholds are PaddleOCR's. */
@ConfigMapping(prefix = "plaudit.ocr")
public interface OcrConfig {
    /** A folder with a detector, an angle classifier, a recogniser and its dictionary; default: PP-OCRv4, built in. */
    Optional<Path> models();

    /**
     * A folder that keeps the networks of {@link #models} as ONNX Runtime optimised them for this machine's processor. A
     * start that may write there fills it, and spares later ones the work; default: none.
     */
    Optional<Path> optimised();

    /** Whether lines that stand on their head are found and turned. */
    @WithDefault("true")
    boolean useAngleCls();

    /** The detector sees no more pixels than a square of this side has; larger pictures are scaled down to it. */
    @WithDefault("896")
    int detLimitSide();

    /** A pixel of the detector's map belongs to text above this probability. */
    @WithDefault("0.3")
    float detDbThresh();

    /** A box is kept when the map's mean inside it is at least this. */
    @WithDefault("0.5")
    float detDbBoxThresh();

    /** How far a box is grown, as its area over its perimeter times this: the detector is trained on shrunk boxes. */
    @WithDefault("1.6")
    float detDbUnclipRatio();

    /** A line is turned when the angle classifier is at least this sure. */
    @WithDefault("0.9")
    float clsThresh();

    /** A line is dropped when the recogniser's mean confidence is below this. */
    @WithDefault("0.5")
    float dropScore();

    /** The most lines of one run of the recogniser; more take more memory, and are hardly faster on a CPU. */
    @WithDefault("1")
    int recBatchNum();

    /** Threads that share one run; default: all the cores this process may use. */
    OptionalInt threads();

    /** Whether idle threads spin: faster alone, unkind to whoever shares the cores. */
    @WithDefault("false")
    boolean spinning();

    /** How many posts may be under way; one more is refused. */
    @WithDefault("64")
    int maxPosts();
}
