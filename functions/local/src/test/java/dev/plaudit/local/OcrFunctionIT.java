package dev.plaudit.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plaudit.events.EventType;
import dev.plaudit.events.Extensions;
import dev.plaudit.events.Media;
import dev.plaudit.events.MediaKind;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Sight;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.SimulationJson;
import dev.plaudit.events.Task;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OCR function as it is deployed: a process of its own, with the very events that the route brings it. */
class OcrFunctionIT {
    @TempDir
    private Path logs;

    @Test
    void readsThePictureOfACaptionedPostAndEndsInOrder() throws Exception {
        Media flyer = new Media(MediaKind.PHOTO, flyer("Open today"), null, null);
        Media gone = new Media(MediaKind.PHOTO, "http://127.0.0.1:9/a.png", null, null);
        Post post = new Post("p1", null, "ovenandco", "Oven & Co", null, List.of(flyer, gone), null);
        List<Sight> sights = List.of(new Sight("a white flyer", null, null), new Sight("nothing", null, null));
        Simulation captioned =
                new Simulation(Task.CONTENT, post, Options.DEFAULT, sights, null, null, null, null, null, null, null);

        try (HttpClient client = HttpClient.newHttpClient();
                FunctionProcess ocr = FunctionProcess.start("ocr", FunctionProcess.freePort(), logs)) {
            HttpResponse<String> response =
                    client.send(event(ocr.awaitReady(client), captioned), HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(response.headers().firstValue("ce-type")).hasValue(EventType.READ);
            assertThat(response.headers().firstValue("ce-subject")).hasValue("s1");
            assertThat(response.headers().firstValue("ce-task")).hasValue(Extensions.CONTENT);
            Simulation read = SimulationJson.read(response.body(), Simulation.class);
            assertThat(read.sights())
                    .containsExactly(
                            new Sight("a white flyer", List.of("Open today"), null),
                            new Sight("nothing", List.of(), "the host may not be reached"));
            assertThat(read.post()).isEqualTo(post);
            assertThat(ocr.terminate()).isLessThan(Duration.ofSeconds(10));
        }
    }

    private static HttpRequest event(FunctionProcess function, Simulation simulation) {
        return HttpRequest.newBuilder(function.address())
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("ce-specversion", "1.0")
                .header("ce-id", "e1")
                .header("ce-type", EventType.CAPTIONED)
                .header("ce-source", "/plaudit/caption")
                .header("ce-subject", "s1")
                .header("ce-" + Extensions.TASK, Extensions.CONTENT)
                .header("ce-" + Extensions.MEDIA, Extensions.MEDIA_SOME)
                .POST(HttpRequest.BodyPublishers.ofString(SimulationJson.write(simulation)))
                .build();
    }

    /** A {@code data:} URI of a picture with a line of text. */
    private static String flyer(String text) throws IOException {
        BufferedImage picture = new BufferedImage(500, 200, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, 500, 200);
        graphics.setColor(Color.BLUE);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 60));
        graphics.drawString(text, 60, 120);
        graphics.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", png);
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
    }
}
