import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.imageio.ImageIO;

/**
 * Has the OCR function read one flyer of 1,080 × 1,080 pixels again and again, and prints the time that it took and the
 * peak memory of the function's process.
 */
final class Flyer {
    private static final int SIDE = 1080;
    private static final int WARM_UP = 10;
    private static final Duration START = Duration.ofMinutes(3);
    private static final List<String> LINES = List.of(
            "Grand opening", "Fresh bread and coffee", "from six every day", "20% off until Sunday", "12 Mill Lane",
            "Order online");

    /** The function's address, its process, and how often. */
    public static void main(String[] args) throws Exception {
        HttpRequest request = captioned(URI.create(args[0]));
        int runs = Integer.parseInt(args[2]);
        double[] millis = new double[runs];
        try (HttpClient client = HttpClient.newHttpClient()) {
            awaitStart(client, request.uri());
            for (int i = -WARM_UP; i < runs; i++) {
                long start = System.nanoTime();
                HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
                if (i >= 0) {
                    millis[i] = (System.nanoTime() - start) / 1e6;
                }
                for (String word : String.join(" ", LINES).split(" ")) {
                    if (!response.body().contains(word)) {
                        throw new IllegalStateException(
                                "did not read '" + word + "', answered with " + response.statusCode());
                    }
                }
            }
        }
        Arrays.sort(millis);
        System.out.printf(
                "  min %.0f, median %.0f, max %.0f ms%n", millis[0], millis[runs / 2], millis[runs - 1]);
        Files.readAllLines(Path.of("/proc", args[1], "status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .map(line -> line.replaceAll("\\D", ""))
                .forEach(kib -> System.out.printf(
                        "  peak memory of the process %d MB%n", Long.parseLong(kib) * 1024 / 1_000_000));
    }

    private static void awaitStart(HttpClient client, URI function) throws IOException, InterruptedException {
        HttpRequest ready = HttpRequest.newBuilder(function.resolve("/q/health/ready")).build();
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                client.send(ready, BodyHandlers.discarding());
                return;
            } catch (ConnectException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        }
    }

    private static HttpRequest captioned(URI function) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(flyer(), "png", png);
        String data = Base64.getEncoder().encodeToString(png.toByteArray());
        return HttpRequest.newBuilder(function)
                .header("Content-Type", "application/json")
                .header("ce-specversion", "1.0")
                .header("ce-id", "1")
                .header("ce-type", "dev.plaudit.captioned")
                .header("ce-source", "/bench")
                .header("ce-subject", "s1")
                .header("ce-task", "content")
                .header("ce-media", "some")
                .POST(BodyPublishers.ofString("""
                        {"task": "content", "sights": [{"caption": "a flyer"}],
                         "post": {"media": [{"kind": "photo", "url": "data:image/png;base64,%s"}]}}""".formatted(data)))
                .build();
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
