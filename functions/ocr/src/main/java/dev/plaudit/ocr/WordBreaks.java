package dev.plaudit.ocr;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where a line of text is broken into words. PP-OCR's recogniser is trained mostly on Chinese and rarely dares to answer
 * with a space, so the picture is asked as well: a space is more likely where the gap between two characters is wider
 * than the line's others. The two are weighed by a logistic regression, fitted on flyers that
 * {@code plaudit evaluate --task ocr} does not draw.
 */
final class WordBreaks {
    /** Weight of a gap's excess over the line's usual gap, in heights of the line, against log10 of the probability. */
    private static final double GAP = 6;

    /** Weight of the excess of the distance between the characters' middles. */
    private static final double PITCH = 3;

    private static final double THRESHOLD = 0.6;

    /** With less the logarithm would drown what the picture shows. */
    private static final double LEAST_PROBABILITY = 1e-4;

    /** Where the picture shows no gaps at all, as on a restless ground, the recogniser alone is asked. */
    private static final double THRESHOLD_WITHOUT_GAPS = 0.05;

    /** The usual gap and distance are those of this share of the line, or, in a short line, of an average font. */
    private static final double USUAL = 0.25;

    private static final int SHORT = 5;
    private static final double AVERAGE_GAP = 0.2;
    private static final double AVERAGE_PITCH = 0.5;

    /** A column is empty when its contrast is below this share of what most of the inked ones have. */
    private static final double EMPTY = 0.35;

    private static final double INKED = 0.9;

    /** What may reach in from the lines above and below, as a share of the height. */
    private static final double MARGIN = 0.125;

    /** Upright letters and slanted ones, columns to the right a row up: italics lean by 10° to 16°. */
    private static final double[] SLANTS = {0, 0.2};

    private WordBreaks() {}

    /**
     * The words of a line.
     *
     * @param symbols its characters
     * @param line its picture
     * @param pixelsPerStep how far apart the steps of the characters' centers are on it
     */
    static List<List<Symbol>> words(List<Symbol> symbols, BufferedImage line, double pixelsPerStep) {
        double[] centers = symbols.stream()
                .mapToDouble(symbol -> symbol.center() * pixelsPerStep)
                .toArray();
        boolean[] empty = emptyColumns(line);
        int pairs = Math.max(0, symbols.size() - 1);
        double[] gaps = new double[pairs];
        double[] pitches = new double[pairs];
        for (int i = 0; i < pairs; i++) {
            gaps[i] = (double) longestRun(empty, (int) centers[i], (int) centers[i + 1]) / line.getHeight();
            pitches[i] = (centers[i + 1] - centers[i]) / line.getHeight();
        }
        double gap = usual(gaps, AVERAGE_GAP);
        double pitch = usual(pitches, AVERAGE_PITCH);
        List<List<Symbol>> words = new ArrayList<>();
        for (int i = 0; i < symbols.size(); i++) {
            if (i == 0 || isBreak(symbols.get(i).space(), gaps[i - 1], gap, pitches[i - 1] - pitch)) {
                words.add(new ArrayList<>());
            }
            words.getLast().add(symbols.get(i));
        }
        return words;
    }

    private static boolean isBreak(float space, double gap, double usualGap, double pitchExcess) {
        if (gap == 0 && usualGap == 0) {
            return space > THRESHOLD_WITHOUT_GAPS;
        }
        return Math.log10(Math.max(space, LEAST_PROBABILITY)) + GAP * (gap - usualGap) + PITCH * pitchExcess
                > THRESHOLD;
    }

    private static double usual(double[] values, double average) {
        return values.length + 1 < SHORT ? average : quantile(values, USUAL);
    }

    private static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) (share * (sorted.length - 1))];
    }

    private static int longestRun(boolean[] empty, int from, int to) {
        int longest = 0;
        int run = 0;
        for (int x = Math.max(0, from); x <= Math.min(empty.length - 1, to); x++) {
            run = empty[x] ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    /** The columns without ink, along the slant that leaves the most of them. */
    private static boolean[] emptyColumns(BufferedImage line) {
        boolean[] best = new boolean[0];
        int most = -1;
        for (double slant : SLANTS) {
            double[] contrast = contrast(line, slant);
            double limit = EMPTY * quantile(contrast, INKED);
            boolean[] empty = new boolean[contrast.length];
            int count = 0;
            for (int x = 0; x < empty.length; x++) {
                empty[x] = contrast[x] < limit;
                count += empty[x] ? 1 : 0;
            }
            if (count > most) {
                most = count;
                best = empty;
            }
        }
        return best;
    }

    /** How far apart the brightest and the darkest pixel of each column are. */
    private static double[] contrast(BufferedImage line, double slant) {
        int[] rgb = ((DataBufferInt) line.getRaster().getDataBuffer()).getData();
        int width = line.getWidth();
        int height = line.getHeight();
        double[] least = new double[width];
        double[] most = new double[width];
        Arrays.fill(least, Double.MAX_VALUE);
        for (int y = (int) (height * MARGIN); y < height - (int) (height * MARGIN); y++) {
            int shift = (int) Math.round((height / 2.0 - y) * slant);
            for (int x = 0; x < width; x++) {
                double luma = luma(rgb[y * width + Math.clamp(x + shift, 0, width - 1)]);
                least[x] = Math.min(least[x], luma);
                most[x] = Math.max(most[x], luma);
            }
        }
        for (int x = 0; x < width; x++) {
            most[x] -= least[x];
        }
        return most;
    }

    /** ITU-R BT.601. */
    private static double luma(int rgb) {
        return 0.299 * (rgb >> 16 & 0xFF) + 0.587 * (rgb >> 8 & 0xFF) + 0.114 * (rgb & 0xFF);
    }
}
