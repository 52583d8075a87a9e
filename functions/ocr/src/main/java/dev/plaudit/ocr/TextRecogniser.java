package dev.plaudit.ocr;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads lines of text that lie level, by PaddleOCR's recogniser. Thread-safe. */
final class TextRecogniser {
    /**
     * What a line says.
     *
     * @param confidence mean probability of its characters; 0 when there are none
     */
    record Reading(String text, double confidence) {}

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

    /** Runs the model once, on a line too short for a word. */
    void warmUp() {
        network.run(1, height, network.inputWidth(height), pixels -> {});
    }

    /** What the lines say, in their order; lines of like width share a run. */
    List<Reading> read(List<BufferedImage> lines) {
        List<Integer> byRatio = IntStream.range(0, lines.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> ratio(lines.get(i))))
                .toList();
        List<Reading> readings = new ArrayList<>(Collections.nCopies(lines.size(), null));
        for (int from = 0; from < byRatio.size(); from += batch) {
            List<Integer> together = byRatio.subList(from, Math.min(from + batch, byRatio.size()));
            int width = (int) Math.ceil(height * Math.max(LEAST_RATIO, ratio(lines.get(together.getLast()))));
            List<BufferedImage> scaled = together.stream()
                    .map(lines::get)
                    .map(line ->
                            Pixels.resized(line, Math.clamp((long) Math.ceil(height * ratio(line)), 1, width), height))
                    .toList();
            Network.Output output = network.run(together.size(), height, width, pixels -> {
                for (int i = 0; i < scaled.size(); i++) {
                    Pixels.write(scaled.get(i), Pixels.Normalisation.HALF, pixels, i, width);
                }
            });
            int steps = (int) output.shape()[1];
            for (int i = 0; i < together.size(); i++) {
                int offset = i * steps * decoder.classes().size();
                List<Symbol> symbols = decoder.decode(output.values(), offset, steps);
                readings.set(together.get(i), reading(symbols, scaled.get(i), (double) width / steps));
            }
        }
        return readings;
    }

    private static Reading reading(List<Symbol> symbols, BufferedImage line, double pixelsPerStep) {
        String text = WordBreaks.words(symbols, line, pixelsPerStep).stream()
                .map(Lookalikes::text)
                .collect(Collectors.joining(" "));
        return new Reading(
                text,
                symbols.stream().mapToDouble(Symbol::probability).average().orElse(0));
    }

    /** How many classes a model tells apart that does not say so. */
    private int probe() {
        int width = (int) (height * LEAST_RATIO);
        return (int) network.run(1, height, width, pixels -> {}).shape()[2];
    }

    private static double ratio(BufferedImage line) {
        return Math.min(MOST_RATIO, (double) line.getWidth() / line.getHeight());
    }
}
