import dev.plaudit.inference.NativeLibraries;
import dev.plaudit.ocr.OcrConfig;
import dev.plaudit.ocr.TextReader;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Reads one flyer of 1,080 × 1,080 pixels again and again, and prints the time and the memory that it took. */
class Flyer {
    private static final int SIDE = 1080;
    private static final int WARM_UP = 5;
    private static final List<String> LINES = List.of(
            "Grand opening", "Fresh bread and coffee", "from six every day", "20% off until Sunday", "12 Mill Lane",
            "Order online");

    public static void main(String[] args) throws Exception {
        int runs = Integer.parseInt(args[0]);
        NativeLibraries.locate();
        OcrConfig config = new SmallRyeConfigBuilder()
                .addDefaultSources()
                .addDiscoveredConverters()
                .withMapping(OcrConfig.class)
                .withMappingIgnore("plaudit.**")
                .build()
                .getConfigMapping(OcrConfig.class);
        double[] millis = new double[runs];
        try (TextReader reader = TextReader.open(config)) {
            BufferedImage flyer = flyer();
            for (int i = -WARM_UP; i < runs; i++) {
                long start = System.nanoTime();
                int lines = reader.read(flyer).size();
                if (lines < LINES.size()) {
                    throw new IllegalStateException("found only " + lines + " of " + LINES.size() + " lines");
                }
                if (i >= 0) {
                    millis[i] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        Arrays.sort(millis);
        System.out.printf(
                "min %.0f, median %.0f, max %.0f ms%n", millis[0], millis[runs / 2], millis[runs - 1]);
        Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .map(line -> line.replaceAll("\\D", ""))
                .forEach(kib -> System.out.printf("peak memory of the process %d MB%n", Long.parseLong(kib) * 1024 / 1_000_000));
    }

    private static BufferedImage flyer() {
        BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(new Color(250, 240, 220));
        graphics.fillRect(0, 0, SIDE, SIDE);
        graphics.setColor(new Color(90, 30, 20));
        for (int i = 0; i < LINES.size(); i++) {
            graphics.setFont(new Font(Font.SANS_SERIF, i == 0 ? Font.BOLD : Font.PLAIN, i == 0 ? 100 : 60));
            graphics.drawString(LINES.get(i), 90, 180 + 150 * i);
        }
        graphics.dispose();
        return picture;
    }
}
