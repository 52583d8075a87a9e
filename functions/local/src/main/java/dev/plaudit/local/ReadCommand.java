package dev.plaudit.local;

import dev.plaudit.events.Media;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.media.MediaConfig;
import dev.plaudit.media.Picture;
import dev.plaudit.media.PictureLoader;
import dev.plaudit.ocr.OcrConfig;
import dev.plaudit.ocr.TextBox;
import dev.plaudit.ocr.TextLine;
import dev.plaudit.ocr.TextReader;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plaudit read}: the text on pictures. */
@Command(
        name = "read",
        description = "Read the text on pictures: JPEG, PNG, GIF, WebP or BMP.",
        footer = {
            "  plaudit read flyer.jpg --boxes found.png",
            "  plaudit read https://example.com/flyer.png poster.webp --json"
        })
final class ReadCommand implements Callable<Integer> {
    private static final int LEAST_STROKE = 2;
    private static final int STROKES_PER_SIDE = 400;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE|URL", description = "The pictures.")
    private List<String> addresses;

    @Option(names = "--boxes", paramLabel = "OUT.png", description = "Draw what was found on the picture; of one only.")
    private Path boxes;

    @Option(names = "--models", paramLabel = "FOLDER", description = "PaddleOCR models of your own, as ONNX.")
    void models(Path folder) {
        System.setProperty("plaudit.ocr.models", folder.toString());
    }

    @Option(names = "--json", description = "Answer in JSON, with boxes and confidence.")
    private boolean json;

    /**
     * What was read on one picture.
     *
     * @param unavailable why it could not be had; null when it could
     */
    private record Reading(String picture, String unavailable, List<Line> lines) {}

    /** @param box its corners clockwise from the top left, x and y in pixels */
    private record Line(String text, double confidence, List<List<Long>> box) {
        static Line of(TextLine line) {
            return new Line(
                    line.text(),
                    Math.round(line.confidence() * 1e4) / 1e4,
                    line.box().corners().stream()
                            .map(corner -> List.of(Math.round(corner.getX()), Math.round(corner.getY())))
                            .toList());
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (boxes != null && addresses.size() > 1) {
            throw new IllegalArgumentException("--boxes draws on one picture, but there are " + addresses.size());
        }
        Settings settings = Settings.read();
        List<Media> media = addresses.stream().map(Media::photo).toList();
        try (TextReader reader = TextReader.open(settings.of(OcrConfig.class));
                PictureLoader loader = PictureLoader.open(settings.of(MediaConfig.class))) {
            List<Reading> readings = number(loader.load(media, picture -> read(reader, picture)));
            print(readings);
            return readings.stream().allMatch(reading -> reading.unavailable() == null) ? 0 : Plaudit.BAD_INPUT;
        }
    }

    private Reading read(TextReader reader, Picture picture) {
        if (picture.unavailable() != null) {
            return new Reading(null, picture.unavailable(), List.of());
        }
        List<TextLine> lines = reader.read(picture.image());
        if (boxes != null) {
            draw(picture.image(), lines.stream().map(TextLine::box).toList());
        }
        return new Reading(null, null, lines.stream().map(Line::of).toList());
    }

    private List<Reading> number(List<Reading> readings) {
        return IntStream.range(0, readings.size())
                .mapToObj(i -> new Reading(
                        addresses.get(i),
                        readings.get(i).unavailable(),
                        readings.get(i).lines()))
                .toList();
    }

    private void draw(BufferedImage picture, List<TextBox> found) {
        Graphics2D graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setStroke(new BasicStroke(
                Math.max(LEAST_STROKE, Math.max(picture.getWidth(), picture.getHeight()) / STROKES_PER_SIDE)));
        graphics.setColor(Color.MAGENTA);
        for (TextBox box : found) {
            Polygon outline = new Polygon();
            box.corners()
                    .forEach(corner ->
                            outline.addPoint((int) Math.round(corner.getX()), (int) Math.round(corner.getY())));
            graphics.draw(outline);
        }
        graphics.dispose();
        try {
            ImageIO.write(picture, "png", boxes.toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot write " + boxes, e);
        }
    }

    private void print(List<Reading> readings) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (json) {
            out.println(SimulationJson.write(readings));
        } else {
            for (Reading reading : readings) {
                if (readings.size() > 1) {
                    out.println(reading.picture() + ":");
                }
                reading.lines().forEach(line -> out.println(line.text()));
            }
        }
        out.flush();
        readings.stream()
                .filter(reading -> reading.unavailable() != null)
                .forEach(reading -> err.println(reading.picture() + ": " + reading.unavailable()));
        err.flush();
    }
}
