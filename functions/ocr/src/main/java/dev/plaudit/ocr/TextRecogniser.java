package dev.plaudit.ocr;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Reads lines of text that lie level, by PaddleOCR's recogniser. Thread-safe. */
final class TextRecogniser implements AutoCloseable {
    private static final int HEIGHT = 48;

    /** A shorter line is padded to this width in heights, as in training. */
    private static final double LEAST_RATIO = 320 / 48.0;

    /** A longer line is squeezed: some 400 characters. */
    private static final double MOST_RATIO = 100;

    private final Network network;
    private final CtcDecoder decoder;
    private final int height;
    private final int batch;

    TextRecogniser(Network network, OcrModels models, int batch) {
        this.network = network;
        this.height = network.inputHeight(HEIGHT);
        this.batch = batch;
        int classes = network.outputWidth() > 0 ? network.outputWidth() : probe();
        this.decoder = CtcDecoder.of(models.dictionary(), classes, models.name());
    }

    /** What the lines say, in their order; lines of like width share a run. */
    List<CtcDecoder.Reading> read(List<BufferedImage> lines) {
        List<Integer> byRatio = IntStream.range(0, lines.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> ratio(lines.get(i))))
                .toList();
        List<CtcDecoder.Reading> readings = new ArrayList<>(Collections.nCopies(lines.size(), null));
        for (int from = 0; from < byRatio.size(); from += batch) {
            List<Integer> together = byRatio.subList(from, Math.min(from + batch, byRatio.size()));
            int width = (int) Math.ceil(height * Math.max(LEAST_RATIO, ratio(lines.get(together.getLast()))));
            float[] pixels = new float[together.size() * 3 * height * width];
            for (int i = 0; i < together.size(); i++) {
                BufferedImage line = lines.get(together.get(i));
                int scaled = Math.clamp((long) Math.ceil(height * ratio(line)), 1, width);
                Pixels.write(Pixels.resized(line, scaled, height), Pixels.Normalisation.HALF, pixels, i, width);
            }
            Network.Output output = network.run(pixels, together.size(), height, width);
            int steps = (int) output.shape()[1];
            for (int i = 0; i < together.size(); i++) {
                int offset = i * steps * decoder.characters().size();
                readings.set(together.get(i), decoder.decode(output.values(), offset, steps));
            }
        }
        return readings;
    }

    /** How many classes a model tells apart that does not say so. */
    private int probe() {
        int width = (int) (height * LEAST_RATIO);
        long[] shape =
                network.run(new float[3 * height * width], 1, height, width).shape();
        return (int) shape[2];
    }

    private static double ratio(BufferedImage line) {
        return Math.min(MOST_RATIO, (double) line.getWidth() / line.getHeight());
    }

    @Override
    public void close() {
        network.close();
    }
}
