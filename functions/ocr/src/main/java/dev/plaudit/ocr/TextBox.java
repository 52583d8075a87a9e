package dev.plaudit.ocr;

import java.awt.geom.Point2D;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A rectangle, turned any way, around a line of text.
 *
 * @param corners clockwise from the top left, in pixels of the picture, y downwards
 */
public record TextBox(List<Point2D> corners) {
    public TextBox {
        if (corners.size() != 4) {
            throw new IllegalArgumentException("a box has four corners, not " + corners.size());
        }
        corners = List.copyOf(corners);
    }

    /** The box of four corners in any order: the two leftmost are its left side, the upper of each two its top. */
    static TextBox of(Point2D... corners) {
        Point2D[] byX = corners.clone();
        Arrays.sort(byX, Comparator.comparingDouble(Point2D::getX));
        boolean leftInOrder = byX[0].getY() <= byX[1].getY();
        boolean rightInOrder = byX[2].getY() <= byX[3].getY();
        return new TextBox(List.of(
                byX[leftInOrder ? 0 : 1],
                byX[rightInOrder ? 2 : 3],
                byX[rightInOrder ? 3 : 2],
                byX[leftInOrder ? 1 : 0]));
    }

    /** Length of the top side. */
    double width() {
        return corners.get(0).distance(corners.get(1));
    }

    /** Length of the left side. */
    double height() {
        return corners.get(0).distance(corners.get(3));
    }

    Point2D center() {
        return new Point2D.Double(
                corners.stream().mapToDouble(Point2D::getX).average().orElseThrow(),
                corners.stream().mapToDouble(Point2D::getY).average().orElseThrow());
    }

    /** The box in another picture of the same view, with its sides scaled, held inside the new picture. */
    TextBox scaled(double x, double y, int width, int height) {
        return new TextBox(corners.stream()
                .map(corner -> (Point2D) new Point2D.Double(
                        Math.clamp(corner.getX() * x, 0, width), Math.clamp(corner.getY() * y, 0, height)))
                .toList());
    }
}
