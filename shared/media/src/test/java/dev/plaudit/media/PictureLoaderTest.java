package dev.plaudit.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.plaudit.events.Media;
import dev.plaudit.events.MediaKind;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hc.core5.ssl.SSLContexts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The loader against a web server of this machine, which it may reach by the one name {@code pictures.test}. */
class PictureLoaderTest {
    private static final String HOST = "pictures.test";
    private static final String TRUSTED = "javax.net.ssl.trustStore";
    private static final char[] PASSWORD = "changeit".toCharArray();

    private HttpServer server;
    private CountDownLatch over;

    @BeforeEach
    void start() throws IOException {
        over = new CountDownLatch(1);
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
    }

    private interface Handler {
        void handle(HttpExchange exchange) throws Exception;
    }

    private String serve(String path, Handler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                handler.handle(exchange);
            } catch (Exception e) {
                // The loader hung up, as some of these tests want it to.
            }
        });
        return "http://" + HOST + ":" + server.getAddress().getPort() + path;
    }

    private String serve(String path, byte[] body) {
        return serve(path, exchange -> {
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        });
    }

    private String redirect(String path, String location) {
        return serve(path, exchange -> {
            exchange.getResponseHeaders().set("Location", location);
            exchange.sendResponseHeaders(302, -1);
        });
    }

    private static PictureLoader loader(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of("plaudit.media.allowed-hosts", HOST));
        all.putAll(settings);
        return new PictureLoader(MediaSettings.of(all), new FixedNames(host -> new InetAddress[] {
            switch (host) {
                case "public.test" -> InetAddress.ofLiteral("192.0.2.1");
                case "private.test" -> InetAddress.ofLiteral("10.0.0.1");
                case HOST -> InetAddress.getLoopbackAddress();
                default -> InetAddress.ofLiteral(host);
            }
        }));
    }

    private static Media photo(String url) {
        return new Media(MediaKind.PHOTO, url, null, null);
    }

    private static Picture load(Media medium, Map<String, String> settings) {
        try (PictureLoader loader = loader(settings)) {
            return loader.load(List.of(medium), Function.identity()).getFirst();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Picture load(String url) {
        return load(photo(url), Map.of());
    }

    private static void assertBlack(Picture picture, String why) {
        assertThat(picture.unavailable()).isEqualTo(why);
        assertThat(picture.image().getWidth()).isEqualTo(PictureLoader.STAND_IN_SIDE);
        assertThat(picture.image().getRGB(100, 100)).isEqualTo(0xFF000000);
    }

    @ParameterizedTest
    @CsvSource({HOST + ",", "elsewhere.test,the host cannot be reached"})
    void aCertificateMustBeOfTheHost(String certified, String why, @TempDir Path folder) throws Exception {
        Path keys = folder.resolve("keys.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String arguments = "-genkeypair -keyalg EC -alias key -dname CN=test -ext san=dns:" + certified + " -storepass "
                + new String(PASSWORD) + " -keystore " + keys.getFileName();
        Process process = new ProcessBuilder(Stream.concat(Stream.of(keytool), Stream.of(arguments.split(" ")))
                        .toList())
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
        HttpsServer secure = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(SSLContexts.custom()
                .loadKeyMaterial(keys, PASSWORD, PASSWORD, (aliases, socket) -> "key")
                .build()));
        secure.createContext("/", exchange -> {
            byte[] body = ImageFiles.halves("png");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        secure.start();
        System.setProperty(TRUSTED, keys.toString());
        System.setProperty(TRUSTED + "Password", new String(PASSWORD));
        try {
            Picture picture = load("https://" + HOST + ":" + secure.getAddress().getPort() + "/a.png");
            assertThat(picture.unavailable()).isEqualTo(why);
        } finally {
            System.clearProperty(TRUSTED);
            System.clearProperty(TRUSTED + "Password");
            secure.stop(0);
        }
    }

    @Test
    void fetchesAPictureAndNamesItByItsBytes() {
        Picture picture = load(serve("/a.png", ImageFiles.halves("png")));
        assertThat(picture.unavailable()).isNull();
        assertThat(picture.image().getWidth()).isEqualTo(32);
        assertThat(load(serve("/b.png", ImageFiles.halves("png"))).hash()).isEqualTo(picture.hash());
        assertThat(load(serve("/c.bmp", ImageFiles.halves("bmp"))).hash()).isNotEqualTo(picture.hash());
    }

    @Test
    void followsARedirect() {
        String there = serve("/there.png", ImageFiles.halves("png"));
        assertThat(load(redirect("/here", there)).unavailable()).isNull();
        assertThat(load(redirect("/near", "/there.png")).unavailable()).isNull();
    }

    @Test
    void takesAPictureFromItsAddress() {
        String data = "data:image/png;base64," + Base64.getEncoder().encodeToString(ImageFiles.halves("png"));
        String escaped = data.substring(0, 22) + URLEncoder.encode(data.substring(22), StandardCharsets.US_ASCII);
        assertThat(load(data).image().getWidth()).isEqualTo(32);
        assertThat(load(escaped).image().getWidth()).isEqualTo(32);
        assertBlack(load(photo(data), Map.of("plaudit.media.max-bytes", "50")), "it is longer than 50 bytes");
        assertBlack(load("data:image/png;base64,%%%"), "it is empty");
        assertBlack(load("data:image/png,abc"), "the data address is not in base 64");
        assertBlack(load("data:"), "the data address is malformed");
    }

    @Test
    void aVideoIsItsThumbnailAndAGifItsFirstFrame() {
        String thumbnail = serve("/thumbnail.jpg", ImageFiles.halves("jpg"));
        String gif = serve("/a.gif", ImageFiles.gif(3));
        assertThat(load(new Media(MediaKind.VIDEO, "http://public.test/v.mp4", thumbnail, null), Map.of())
                        .image()
                        .getWidth())
                .isEqualTo(32);
        assertThat(load(new Media(MediaKind.PHOTO, thumbnail, "http://public.test/small.jpg", null), Map.of())
                        .image()
                        .getWidth())
                .isEqualTo(32);
        assertThat(load(new Media(MediaKind.GIF, gif, null, null), Map.of())
                        .image()
                        .getWidth())
                .isEqualTo(8);
        assertBlack(
                load(new Media(MediaKind.VIDEO, "http://public.test/v.mp4", null, null), Map.of()),
                "the video has no thumbnail");
    }

    @Test
    void aPictureThatCannotBeHadIsBlackAndSaysWhy() {
        assertBlack(load(serve("/empty", new byte[0])), "it is empty");
        assertBlack(
                load(serve("/page.jpg", "<html>".getBytes(StandardCharsets.UTF_8))),
                "it is no JPEG, PNG, GIF, WebP or BMP");
        assertBlack(
                load(serve("/gone", exchange -> exchange.sendResponseHeaders(404, -1))), "the host answered with 404");
        assertBlack(
                load(serve("/loop", exchange -> {
                    exchange.getResponseHeaders().set("Location", "/loop");
                    exchange.sendResponseHeaders(302, -1);
                })),
                "more than 4 redirects");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/a.png",
                "http://169.254.169.254/latest/meta-data",
                "http://[::1]/a.png",
                "http://[::ffff:127.0.0.1]/a.png",
                "http://private.test/a.png"
            })
    void privateHostsAreNotReachedDirectlyNorByARedirect(String address) {
        assertBlack(load(address), "the host may not be reached");
        assertBlack(load(redirect("/elsewhere", address)), "the host may not be reached");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "jar:file:/a.jar!/b.png",
                "gopher://pictures.test/",
                "/etc/passwd",
                "a.png",
                "ftp://pictures.test/a"
            })
    void onlyTheWebIsFetched(String address) {
        assertBlack(load(address), "only http, https and data addresses are fetched");
        if (address.contains("://")) {
            assertBlack(load(redirect("/elsewhere", address)), "only http, https and data addresses are fetched");
        }
    }

    @Test
    void anAddressWithCredentialsOrWithoutAHostIsRefused() {
        assertBlack(load("http://me:secret@pictures.test/a.png"), "the address carries credentials");
        assertBlack(load("http:///a.png"), "the address names no host");
        assertBlack(load("http://pictures.test/%%%"), "the address is malformed");
    }

    @Test
    @Timeout(60)
    void anEndlessBodyIsCutOff() {
        String endless = serve("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            while (true) {
                body.write(new byte[65_536]);
            }
        });
        Map<String, String> settings = Map.of("plaudit.media.max-bytes", "1000000", "plaudit.media.timeout", "PT10M");
        assertBlack(load(photo(endless), settings), "it is longer than 1000000 bytes");
    }

    @Test
    void aLengthOverTheLimitIsNotEvenRead() {
        String large = serve("/large", exchange -> {
            exchange.sendResponseHeaders(200, 1L << 40);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            over.await();
        });
        assertBlack(load(large), "it is longer than 16777216 bytes");
    }

    @Test
    void aSlowBodyIsGivenUp() {
        String slow = serve("/slow", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            do {
                exchange.getResponseBody().write(1);
                exchange.getResponseBody().flush();
            } while (!over.await(50, TimeUnit.MILLISECONDS));
        });
        assertBlack(load(photo(slow), Map.of("plaudit.media.timeout", "PT0.5S")), "it did not come within 0.5 s");
    }

    @Test
    void aFileIsReadOnlyWhereThatIsAllowed(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("ü b.png"), ImageFiles.halves("png"));
        Map<String, String> allowed = Map.of("plaudit.media.local-files", "true");
        assertThat(load(photo(file.toString()), allowed).image().getWidth()).isEqualTo(32);
        assertThat(load(photo(file.toUri().toString()), allowed).image().getWidth())
                .isEqualTo(32);
        assertBlack(load(photo("/no/such.png"), allowed), "there is no file /no/such.png");
        assertBlack(load(photo(file.toString()), Map.of()), "only http, https and data addresses are fetched");
    }

    @Test
    @Timeout(60)
    void fetchesManyAtOnceAgainAndAgainAndKeepsTheirOrder() throws InterruptedException {
        CyclicBarrier together = new CyclicBarrier(8);
        List<Media> media = IntStream.range(0, 8)
                .mapToObj(i -> photo(serve("/" + i, exchange -> {
                    byte[] body = ImageFiles.png(i + 1, 1, 8, 0, new byte[i + 1]);
                    together.await(5, TimeUnit.SECONDS);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                })))
                .toList();
        try (PictureLoader loader = loader(Map.of("plaudit.media.parallel-fetches", "8"))) {
            for (int time = 0; time < 2; time++) {
                assertThat(loader.load(media, picture -> picture.image().getWidth()))
                        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
            }
        }
    }
}
