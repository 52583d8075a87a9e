package dev.plaudit.ocr;

import dev.plaudit.inference.Lifetime;
import dev.plaudit.inference.ModelException;
import dev.plaudit.inference.Resources;
import java.awt.image.BufferedImage;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * Reads the text on a picture by PP-OCR (Du et al. 2020, PP-OCR: A Practical Ultra Lightweight OCR System): find the
 * lines, cut them out level, turn those that stand on their head, read them. Thread-safe.
 */
public final class TextReader implements AutoCloseable {
    private final TextDetector detector;
    private final AngleClassifier classifier;
    private final TextRecogniser recogniser;
    private final boolean useAngleClassifier;
    private final float dropScore;
    private final Resources opened;
    private final Lifetime lifetime = new Lifetime("the reader of pictures");

    private TextReader(OcrModels models, OcrConfig config, Resources opened) {
        List<Network> networks = open(models, config, opened);
        this.detector = new TextDetector(networks.get(0), config);
        this.classifier = new AngleClassifier(networks.get(1), config.clsThresh());
        this.recogniser = new TextRecogniser(networks.get(2), models, config.recBatchNum());
        this.useAngleClassifier = config.useAngleCls();
        this.dropScore = config.dropScore();
        this.opened = opened;
    }

    /**
     * Opens the models that the settings name.
     *
     * @throws ModelException when they cannot be used
     */
    public static TextReader open(OcrConfig config) {
        Resources opened = new Resources();
        try (Arena memory = Arena.ofShared()) {
            OcrModels models = config.models()
                    .map(folder -> OcrModels.of(folder, memory))
                    .orElseGet(() -> OcrModels.bundled(memory));
            return new TextReader(models, config, opened);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /**
     * Opens the networks side by side, since ONNX Runtime optimises each on one core; the recogniser takes as long as the
     * other two. None is being opened any more when this ends, however it ends: until then they read the models' memory.
     */
    private static List<Network> open(OcrModels models, OcrConfig config, Resources opened) {
        FutureTask<Network> detector = opening(models.detector(), config);
        FutureTask<Network> classifier = opening(models.classifier(), config);
        FutureTask<Network> recogniser = opening(models.recogniser(), config);
        // A task keeps its exception to itself, so that none ends this before the others are done.
        CompletableFuture<Void> beside = CompletableFuture.runAsync(detector).thenRun(classifier);
        recogniser.run();
        beside.join();
        List<FutureTask<Network>> openings = List.of(detector, classifier, recogniser);
        List<Network> networks = openings.stream()
                .filter(opening -> opening.state() == Future.State.SUCCESS)
                .map(opening -> opened.add(opening.resultNow()))
                .toList();
        for (Future<Network> opening : openings) {
            if (opening.state() == Future.State.FAILED) {
                throw new ModelException(opening.exceptionNow().getMessage(), opening.exceptionNow());
            }
        }
        return networks;
    }

    private static FutureTask<Network> opening(NetworkModel model, OcrConfig config) {
        return new FutureTask<>(() -> Network.open(model, config));
    }

    /** Runs each of the models once, on next to nothing. */
    void warmUp() {
        BufferedImage blank = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        detector.detect(blank);
        classifier.upright(blank);
        recogniser.warmUp();
    }

    /** Where the models run. */
    public String device() {
        return "cpu";
    }

    /**
     * The lines of text on a picture, in reading order; empty when it bears none.
     *
     * @param picture of {@link BufferedImage#TYPE_INT_RGB}
     * @throws IllegalStateException after the end
     */
    public List<TextLine> read(BufferedImage picture) {
        return lifetime.during(() -> lines(picture));
    }

    private List<TextLine> lines(BufferedImage picture) {
        List<TextBox> boxes = ReadingOrder.of(detector.detect(picture));
        List<BufferedImage> lines = boxes.stream()
                .map(box -> LineCropper.crop(picture, box))
                .map(line -> useAngleClassifier ? classifier.upright(line) : line)
                .toList();
        List<TextRecogniser.Reading> readings = recogniser.read(lines);
        List<TextLine> read = new ArrayList<>();
        for (int i = 0; i < boxes.size(); i++) {
            TextRecogniser.Reading reading = readings.get(i);
            if (reading.confidence() >= dropScore && !reading.text().isEmpty()) {
                read.add(new TextLine(reading.text(), reading.confidence(), boxes.get(i)));
            }
        }
        return read;
    }

    /** Waits for the pictures in hand. */
    @Override
    public void close() {
        lifetime.end(opened::close);
    }
}
