package dev.plaudit.training.pictures;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Arc2D;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.Locale;
import java.util.Random;

/** Charts, goods, places and figures drawn by rule, never twice the same; y grows downwards. */
enum Drawing implements Thing {
    BAR_CHART {
        @Override
        public Shape outline(Split split, Random random) {
            Area area = axes();
            int bars = 3 + random.nextInt(4);
            for (int i = 0; i < bars; i++) {
                double height = 0.2 + 0.75 * random.nextDouble();
                add(area, new Rectangle2D.Double(0.1 + 0.88 * i / bars, 0.95 - height, 0.62 / bars, height));
            }
            return area;
        }
    },
    LINE_CHART {
        @Override
        public Shape outline(Split split, Random random) {
            Area area = axes();
            int points = 4 + random.nextInt(4);
            Path2D line = new Path2D.Double();
            for (int i = 0; i < points; i++) {
                double x = 0.13 + 0.84 * i / (points - 1);
                double y = 0.1 + 0.7 * random.nextDouble();
                if (i == 0) {
                    line.moveTo(x, y);
                } else {
                    line.lineTo(x, y);
                }
                add(area, new Ellipse2D.Double(x - 0.05, y - 0.05, 0.1, 0.1));
            }
            add(area, stroke(0.05).createStrokedShape(line));
            return area;
        }
    },
    PIE_CHART {
        @Override
        public Shape outline(Split split, Random random) {
            Area area = new Area();
            double from = 360 * random.nextDouble();
            double first = 60 + 80 * random.nextDouble();
            double second = 60 + 80 * random.nextDouble();
            double[] extents = {first, second, 360 - first - second};
            for (double extent : extents) {
                Arc2D slice = new Arc2D.Double(0, 0, 1, 1, from + 4, extent - 8, Arc2D.PIE);
                double middle = Math.toRadians(from + extent / 2);
                AffineTransform apart =
                        AffineTransform.getTranslateInstance(0.05 * Math.cos(middle), -0.05 * Math.sin(middle));
                add(area, apart.createTransformedShape(slice));
                from += extent;
            }
            return area;
        }
    },
    BOTTLE {
        @Override
        public Shape outline(Split split, Random random) {
            double width = 0.3 + 0.12 * random.nextDouble();
            double neck = width * (0.25 + 0.2 * random.nextDouble());
            double shoulder = 0.3 + 0.15 * random.nextDouble();
            Area area = new Area(new RoundRectangle2D.Double(-width / 2, shoulder, width, 1 - shoulder, 0.1, 0.1));
            Path2D slope = new Path2D.Double();
            slope.moveTo(-neck / 2, 0.06);
            slope.lineTo(neck / 2, 0.06);
            slope.curveTo(neck / 2, shoulder * 0.7, width / 2, shoulder * 0.7, width / 2, shoulder + 0.06);
            slope.lineTo(-width / 2, shoulder + 0.06);
            slope.curveTo(-width / 2, shoulder * 0.7, -neck / 2, shoulder * 0.7, -neck / 2, 0.06);
            add(area, slope);
            add(area, new Rectangle2D.Double(-neck * 0.7, 0, neck * 1.4, 0.07));
            double label = shoulder + 0.15 + 0.1 * random.nextDouble();
            area.subtract(new Area(new Rectangle2D.Double(-width * 0.36, label, width * 0.72, 0.16)));
            return area;
        }
    },
    VASE {
        @Override
        public Shape outline(Split split, Random random) {
            double belly = 0.3 + 0.1 * random.nextDouble();
            double lip = 0.14 + 0.06 * random.nextDouble();
            Path2D body = new Path2D.Double();
            body.moveTo(-lip, 0.4);
            body.curveTo(-lip * 0.4, 0.55, -belly - 0.1, 0.6, -lip * 0.8, 1);
            body.lineTo(lip * 0.8, 1);
            body.curveTo(belly + 0.1, 0.6, lip * 0.4, 0.55, lip, 0.4);
            body.closePath();
            Area area = new Area(body);
            for (int i = -1; i <= 1; i++) {
                double x = i * (0.16 + 0.06 * random.nextDouble());
                double y = 0.1 + 0.08 * random.nextDouble();
                Path2D stem = new Path2D.Double();
                stem.moveTo(i * 0.05, 0.42);
                stem.lineTo(x, y);
                add(area, stroke(0.025).createStrokedShape(stem));
                add(area, new Ellipse2D.Double(x - 0.08, y - 0.08, 0.16, 0.16));
            }
            return area;
        }
    },
    LAMP {
        @Override
        public Shape outline(Split split, Random random) {
            double top = 0.12 + 0.1 * random.nextDouble();
            double low = 0.32 + 0.08 * random.nextDouble();
            double shade = 0.35 + 0.1 * random.nextDouble();
            Path2D cone = new Path2D.Double();
            cone.moveTo(-top, 0);
            cone.lineTo(top, 0);
            cone.lineTo(low, shade);
            cone.lineTo(-low, shade);
            cone.closePath();
            Area area = new Area(cone);
            add(area, new Rectangle2D.Double(-0.03, shade, 0.06, 0.95 - shade));
            double foot = 0.2 + 0.08 * random.nextDouble();
            add(area, new RoundRectangle2D.Double(-foot, 0.92, 2 * foot, 0.08, 0.06, 0.06));
            return area;
        }
    },
    MOUNTAIN {
        @Override
        public Shape outline(Split split, Random random) {
            Path2D ridge = new Path2D.Double();
            double first = 0.2 + 0.12 * random.nextDouble();
            ridge.moveTo(-0.15, 0.75);
            ridge.lineTo(first, 0.2 + 0.15 * random.nextDouble());
            ridge.lineTo(first + 0.16, 0.5);
            ridge.lineTo(first + 0.4, 0.02 + 0.1 * random.nextDouble());
            ridge.lineTo(1.15, 0.75);
            ridge.closePath();
            return ridge;
        }
    },
    CITY_SKYLINE {
        @Override
        public Shape outline(Split split, Random random) {
            Area area = new Area();
            int towers = 4 + random.nextInt(3);
            for (int i = 0; i < towers; i++) {
                double left = (double) i / towers;
                double height = 0.25 + 0.5 * random.nextDouble();
                add(area, new Rectangle2D.Double(left, 0.8 - height, 0.98 / towers, height));
                if (random.nextInt(3) == 0) {
                    add(area, new Rectangle2D.Double(left + 0.4 / towers, 0.68 - height, 0.12 / towers, 0.15));
                }
                for (double y = 0.86 - height; y < 0.7; y += 0.14) {
                    area.subtract(new Area(new Rectangle2D.Double(left + 0.25 / towers, y, 0.45 / towers, 0.06)));
                }
            }
            return area;
        }
    },
    TRIANGLE {
        @Override
        public Shape outline(Split split, Random random) {
            Path2D triangle = new Path2D.Double();
            triangle.moveTo(0.3 + 0.4 * random.nextDouble(), 0);
            triangle.lineTo(1, 0.75 + 0.2 * random.nextDouble());
            triangle.lineTo(0, 0.75 + 0.2 * random.nextDouble());
            triangle.closePath();
            return triangle;
        }
    },
    RING {
        @Override
        public Shape outline(Split split, Random random) {
            Area area = new Area(new Ellipse2D.Double(0, 0, 1, 1));
            double hole = 0.45 + 0.25 * random.nextDouble();
            area.subtract(new Area(new Ellipse2D.Double((1 - hole) / 2, (1 - hole) / 2, hole, hole)));
            return area;
        }
    };

    private static BasicStroke stroke(double width) {
        return new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }

    /** An upright and a level axis. */
    private static Area axes() {
        Area axes = new Area(new Rectangle2D.Double(0, 0, 0.05, 1));
        add(axes, new Rectangle2D.Double(0, 0.95, 1, 0.05));
        return axes;
    }

    private static void add(Area area, Shape part) {
        area.add(new Area(part));
    }

    @Override
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
