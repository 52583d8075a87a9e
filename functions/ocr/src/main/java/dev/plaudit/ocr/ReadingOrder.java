package dev.plaudit.ocr;

import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order in which a reader takes the boxes of a picture: row by row from the top, each from the left, where up and
 * left are those of the text, which may be turned.
 */
final class ReadingOrder {
    /** Boxes whose middles are nearer than this, in their heights, stand in one row. */
    private static final double ROW = 0.5;

    /** Text turned less than this, in radians, is level: a box is no better known, and a banner is long. */
    private static final double LEVEL = Math.toRadians(2);

    private record Placed(TextBox box, double along, double down) {}

    private ReadingOrder() {}

    static List<TextBox> of(List<TextBox> boxes) {
        double angle = angle(boxes);
        List<Placed> waiting = new ArrayList<>(boxes.stream()
                .map(box -> placed(box, angle))
                .sorted(Comparator.comparingDouble(Placed::down).thenComparingDouble(Placed::along))
                .toList());
        List<TextBox> ordered = new ArrayList<>();
        while (!waiting.isEmpty()) {
            Placed first = waiting.getFirst();
            List<Placed> row = waiting.stream()
                    .filter(placed -> placed.down() - first.down()
                            < ROW * Math.min(lineHeight(placed.box()), lineHeight(first.box())))
                    .sorted(Comparator.comparingDouble(Placed::along))
                    .toList();
            row.forEach(placed -> ordered.add(placed.box()));
            waiting.removeAll(row);
        }
        return ordered;
    }

    /** The direction of the text: the median over the boxes that lie more than they stand; 0 when it is level. */
    private static double angle(List<TextBox> boxes) {
        double[] angles = boxes.stream()
                .filter(box -> box.width() > box.height())
                .mapToDouble(box -> Math.atan2(
                        box.corners().get(1).getY() - box.corners().get(0).getY(),
                        box.corners().get(1).getX() - box.corners().get(0).getX()))
                .sorted()
                .toArray();
        double median = angles.length == 0 ? 0 : angles[angles.length / 2];
        return Math.abs(median) < LEVEL ? 0 : median;
    }

    private static Placed placed(TextBox box, double angle) {
        Point2D center = box.center();
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        return new Placed(box, center.getX() * cos + center.getY() * sin, center.getY() * cos - center.getX() * sin);
    }

    private static double lineHeight(TextBox box) {
        return Math.min(box.width(), box.height());
    }
}
