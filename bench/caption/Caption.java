import dev.plaudit.caption.CaptionConfig;
import dev.plaudit.caption.PictureCaptioner;
import dev.plaudit.events.Media;
import dev.plaudit.inference.NativeLibraries;
import dev.plaudit.media.MediaConfig;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;

/** Captions one picture after another, each of its own, and prints the time and the memory that it took. */
class Caption {
    private static final int SIDE = 1080;
    private static final int WARM_UP = 10;

    public static void main(String[] args) throws Exception {
        int runs = Integer.parseInt(args[0]);
        NativeLibraries.locate();
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDefaultSources()
                .addDiscoveredConverters()
                .withMapping(CaptionConfig.class)
                .withMapping(MediaConfig.class)
                .withMappingIgnore("plaudit.**")
                .build();
        double[] millis = new double[runs];
        try (PictureCaptioner captioner = PictureCaptioner.open(
                config.getConfigMapping(CaptionConfig.class), config.getConfigMapping(MediaConfig.class))) {
            for (int i = -WARM_UP; i < runs; i++) {
                List<Media> media = List.of(picture(i));
                long start = System.nanoTime();
                captioner.look(media);
                if (i >= 0) {
                    millis[i] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        Arrays.sort(millis);
        System.out.printf("min %.0f, median %.0f, max %.0f ms%n", millis[0], millis[runs / 2], millis[runs - 1]);
        Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .map(line -> line.replaceAll("\\D", ""))
                .forEach(kib -> System.out.printf(
                        "peak memory of the process %d MB%n", Long.parseLong(kib) * 1024 / 1_000_000));
    }

    private static Media picture(int number) throws Exception {
        BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setPaint(new GradientPaint(0, 0, new Color(250, 240, 220), SIDE, SIDE, new Color(0x804020 + number)));
        graphics.fillRect(0, 0, SIDE, SIDE);
        graphics.setColor(Color.RED);
        graphics.fillOval(200, 200, 600, 600);
        graphics.dispose();
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(picture, "jpg", jpeg);
        return Media.photo("data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg.toByteArray()));
    }
}
