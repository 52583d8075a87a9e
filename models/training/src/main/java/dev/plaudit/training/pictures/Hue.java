package dev.plaudit.training.pictures;

import java.awt.Color;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A colour as captions name it: a region of HSB space, apart from all others. */
enum Hue {
    RED(-10, 6, 0.78, 1, 0.65, 0.95),
    ORANGE(20, 33, 0.85, 1, 0.9, 1),
    YELLOW(48, 58, 0.75, 1, 0.9, 1),
    GREEN(95, 150, 0.55, 1, 0.35, 0.8),
    BLUE(205, 240, 0.6, 1, 0.5, 0.95),
    PURPLE(268, 288, 0.5, 0.9, 0.4, 0.8),
    PINK(320, 342, 0.3, 0.65, 0.92, 1),
    BROWN(18, 30, 0.55, 0.8, 0.28, 0.5),
    BLACK(0, 360, 0, 0.3, 0, 0.12),
    WHITE(0, 360, 0, 0.04, 0.95, 1),
    GRAY(0, 360, 0, 0.06, 0.42, 0.66);

    /** Pairs that one cannot well read on each other, or that a gradient would confuse. */
    private static final List<Set<Hue>> ALIKE = List.of(
            EnumSet.of(BLACK, BROWN),
            EnumSet.of(WHITE, YELLOW),
            EnumSet.of(RED, ORANGE),
            EnumSet.of(ORANGE, YELLOW),
            EnumSet.of(RED, BROWN));

    private final double[] degrees;
    private final double[] saturation;
    private final double[] brightness;

    Hue(double fromDegrees, double toDegrees, double dullest, double purest, double darkest, double brightest) {
        this.degrees = new double[] {fromDegrees, toDegrees};
        this.saturation = new double[] {dullest, purest};
        this.brightness = new double[] {darkest, brightest};
    }

    /** One of the colours that stand out from all of others. */
    static Hue apartFrom(Random random, Hue... others) {
        List<Hue> apart = Arrays.stream(values())
                .filter(hue -> Arrays.stream(others).allMatch(hue::isApartFrom))
                .toList();
        return apart.get(random.nextInt(apart.size()));
    }

    private boolean isApartFrom(Hue other) {
        return other != this && !ALIKE.contains(EnumSet.of(this, other));
    }

    Color color(Random random) {
        return Color.getHSBColor((float) (between(degrees, random) / 360), (float) between(saturation, random), (float)
                between(brightness, random));
    }

    private static double between(double[] range, Random random) {
        return range[0] + random.nextDouble() * (range[1] - range[0]);
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
