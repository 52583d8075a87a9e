package dev.plaudit.ocr;

import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.List;
import org.locationtech.jts.algorithm.MinimumAreaRectangle;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.operation.buffer.BufferOp;
import org.locationtech.jts.operation.buffer.BufferParameters;

/**
 * How likely each pixel is to lie in the core of a line of text, and the boxes that follow from it: Liao et al. (2020),
 * Real-time Scene Text Detection with Differentiable Binarization, section 3.5.
 *
 * @param values 0 to 1, row-major
 */
record ProbabilityMap(float[] values, int width, int height) {
    /**
     * How boxes are made.
     *
     * @param threshold a pixel is text above it
     * @param boxThreshold a box needs this mean
     * @param unclipRatio a box grows by area · ratio / perimeter on each side
     */
    record Rule(float threshold, float boxThreshold, float unclipRatio) {}

    /** The shorter side of a core must have this many pixels. */
    private static final int MIN_SIZE = 3;

    private static final GeometryFactory GEOMETRY = new GeometryFactory();
    private static final BufferParameters MITRED =
            new BufferParameters(8, BufferParameters.CAP_SQUARE, BufferParameters.JOIN_MITRE, 2);

    List<TextBox> boxes(Rule rule) {
        List<TextBox> boxes = new ArrayList<>();
        boolean[] seen = new boolean[values.length];
        int[] stack = new int[values.length];
        for (int start = 0; start < values.length; start++) {
            if (!seen[start] && values[start] > rule.threshold()) {
                Geometry core = rectangle(component(start, rule.threshold(), seen, stack));
                if (shorterSide(core) >= MIN_SIZE && mean(core) >= rule.boxThreshold()) {
                    double distance = core.getArea() * rule.unclipRatio() / core.getLength();
                    Geometry grown =
                            MinimumAreaRectangle.getMinimumRectangle(BufferOp.bufferOp(core, distance, MITRED));
                    boxes.add(box(grown));
                }
            }
        }
        return boxes;
    }

    /**
     * Marks the pixels that hang together with the first, corner to corner, and returns the outermost of each row.
     *
     * @param stack room for every pixel, as each is pushed once
     */
    private List<Coordinate> component(int first, float threshold, boolean[] seen, int[] stack) {
        int top = height;
        int bottom = -1;
        int[] left = new int[height];
        int[] right = new int[height];
        java.util.Arrays.fill(left, width);
        java.util.Arrays.fill(right, -1);
        int size = 0;
        stack[size++] = first;
        seen[first] = true;
        while (size > 0) {
            int pixel = stack[--size];
            int x = pixel % width;
            int y = pixel / width;
            top = Math.min(top, y);
            bottom = Math.max(bottom, y);
            left[y] = Math.min(left[y], x);
            right[y] = Math.max(right[y], x);
            for (int ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
                for (int nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
                    int neighbour = ny * width + nx;
                    if (!seen[neighbour] && values[neighbour] > threshold) {
                        seen[neighbour] = true;
                        stack[size++] = neighbour;
                    }
                }
            }
        }
        List<Coordinate> outline = new ArrayList<>();
        for (int y = top; y <= bottom; y++) {
            outline.add(new Coordinate(left[y], y));
            outline.add(new Coordinate(right[y] + 1.0, y));
            outline.add(new Coordinate(left[y], y + 1.0));
            outline.add(new Coordinate(right[y] + 1.0, y + 1.0));
        }
        return outline;
    }

    private static Geometry rectangle(List<Coordinate> points) {
        return MinimumAreaRectangle.getMinimumRectangle(
                GEOMETRY.createMultiPointFromCoords(points.toArray(Coordinate[]::new)));
    }

    private static double shorterSide(Geometry rectangle) {
        Coordinate[] ring = rectangle.getCoordinates();
        return Math.min(ring[0].distance(ring[1]), ring[1].distance(ring[2]));
    }

    /** The mean of the pixels whose middle lies in the rectangle. */
    private double mean(Geometry rectangle) {
        Coordinate[] ring = rectangle.getCoordinates();
        double ux = ring[1].x - ring[0].x;
        double uy = ring[1].y - ring[0].y;
        double vx = ring[2].x - ring[1].x;
        double vy = ring[2].y - ring[1].y;
        double uu = ux * ux + uy * uy;
        double vv = vx * vx + vy * vy;
        var bounds = rectangle.getEnvelopeInternal();
        double sum = 0;
        int count = 0;
        for (int y = Math.max(0, (int) bounds.getMinY()); y < Math.min(height, bounds.getMaxY()); y++) {
            for (int x = Math.max(0, (int) bounds.getMinX()); x < Math.min(width, bounds.getMaxX()); x++) {
                double dx = x + 0.5 - ring[0].x;
                double dy = y + 0.5 - ring[0].y;
                double u = dx * ux + dy * uy;
                double v = dx * vx + dy * vy;
                if (u >= 0 && u <= uu && v >= 0 && v <= vv) {
                    sum += values[y * width + x];
                    count++;
                }
            }
        }
        return count == 0 ? 0 : sum / count;
    }

    private static TextBox box(Geometry rectangle) {
        Coordinate[] ring = rectangle.getCoordinates();
        Point2D[] corners = new Point2D[4];
        for (int i = 0; i < 4; i++) {
            corners[i] = new Point2D.Double(ring[i].x, ring[i].y);
        }
        return TextBox.of(corners);
    }
}
