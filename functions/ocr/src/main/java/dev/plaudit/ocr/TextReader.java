package dev.plaudit.ocr;

import dev.plaudit.inference.ModelException;
import java.awt.image.BufferedImage;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

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

    private TextReader(OcrModels models, OcrConfig config) {
        // ONNX Runtime optimises a network on one core: the others are opened meanwhile.
        List<Network> networks = Stream.<Supplier<Network>>of(
                        () -> Network.open(models.detector(), models.name() + " det", config),
                        () -> Network.open(models.classifier(), models.name() + " cls", config),
                        () -> Network.open(models.recogniser(), models.name() + " rec", config))
                .parallel()
                .map(Supplier::get)
                .toList();
        detector = new TextDetector(networks.get(0), config);
        classifier = new AngleClassifier(networks.get(1), config.clsThresh());
        recogniser = new TextRecogniser(networks.get(2), models, config.recBatchNum());
        useAngleClassifier = config.useAngleCls();
        dropScore = config.dropScore();
    }

    /**
     * Opens the models that the settings name.
     *
     * @throws ModelException when they cannot be used
     */
    public static TextReader open(OcrConfig config) {
        try (Arena memory = Arena.ofShared()) {
            OcrModels models = config.models()
                    .map(folder -> OcrModels.of(folder, memory))
                    .orElseGet(() -> OcrModels.bundled(memory));
            return new TextReader(models, config);
        }
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
     */
    public List<TextLine> read(BufferedImage picture) {
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

    @Override
    public void close() {
        detector.close();
        classifier.close();
        recogniser.close();
    }
}
