package dev.plaudit.media;

import dev.plaudit.events.Media;
import dev.plaudit.events.MediaKind;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * Fetches and decodes media. A photo is its picture; a video or GIF is its thumbnail, a GIF without one its first frame.
 * A medium that cannot be had is a black picture, and says why. Thread-safe.
 */
public final class PictureLoader implements AutoCloseable {
    /** The black picture that stands in has this many pixels a side. */
    static final int STAND_IN_SIDE = 224;

    private static final String STAND_IN_HASH = "unavailable";

    private final WebFetcher web;
    private final PictureDecoder decoder;
    private final boolean localFiles;
    private final int maxBytes;
    private final Semaphore fetches;
    private final Semaphore pictures;

    PictureLoader(MediaConfig config, DnsResolver names) {
        this.web = new WebFetcher(config, names);
        this.decoder = new PictureDecoder(config);
        this.localFiles = config.localFiles();
        this.maxBytes = config.maxBytes();
        this.fetches = new Semaphore(config.parallelFetches());
        this.pictures = new Semaphore(config.parallelPictures());
    }

    public static PictureLoader open(MediaConfig config) {
        return new PictureLoader(config, SystemDefaultDnsResolver.INSTANCE);
    }

    /**
     * Loads media side by side and hands each picture on. Only so many pictures as the settings allow are decoded and
     * not yet handed on, so memory does not grow with the number of media.
     *
     * @param use takes a picture; called from several threads, which wait for it; not to keep the picture
     * @return what {@code use} made of each medium, in their order
     * @throws InterruptedException when the waiting thread is interrupted; the media under way are given up
     */
    public <T> List<T> load(List<Media> media, Function<Picture, T> use) throws InterruptedException {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> loads = media.stream()
                    .map(medium -> executor.submit(() -> load(medium, use)))
                    .toList();
            try {
                List<T> loaded = new ArrayList<>();
                for (Future<T> load : loads) {
                    loaded.add(load.get());
                }
                return loaded;
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
            } finally {
                executor.shutdownNow();
            }
        }
    }

    private <T> T load(Media medium, Function<Picture, T> use) throws InterruptedException {
        try {
            byte[] bytes = bytes(medium);
            pictures.acquire();
            try {
                return decoder.decode(bytes, image -> use.apply(new Picture(image, hash(bytes), null)));
            } finally {
                pictures.release();
            }
        } catch (UnavailableException e) {
            return use.apply(standIn(e.getMessage()));
        }
    }

    private static Picture standIn(String why) {
        BufferedImage black = new BufferedImage(STAND_IN_SIDE, STAND_IN_SIDE, BufferedImage.TYPE_INT_RGB);
        return new Picture(black, STAND_IN_HASH, why);
    }

    private byte[] bytes(Media medium) throws UnavailableException, InterruptedException {
        Source source = Source.of(address(medium), localFiles);
        fetches.acquire();
        try {
            byte[] bytes =
                    switch (source) {
                        case Source.Inline inline -> inline.bytes();
                        case Source.Web page -> web.fetch(page);
                        case Source.LocalFile file -> read(file.path());
                    };
            if (bytes.length > maxBytes) {
                throw new UnavailableException("it is longer than " + maxBytes + " bytes");
            }
            return bytes;
        } finally {
            fetches.release();
        }
    }

    private static String address(Media medium) throws UnavailableException {
        if (medium.kind() != MediaKind.PHOTO && medium.thumbnail() != null) {
            return medium.thumbnail();
        }
        if (medium.kind() == MediaKind.VIDEO) {
            throw new UnavailableException("the video has no thumbnail");
        }
        if (medium.url() == null) {
            throw new UnavailableException("it has no address");
        }
        return medium.url();
    }

    private byte[] read(Path path) throws UnavailableException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(maxBytes + 1);
        } catch (NoSuchFileException e) {
            throw new UnavailableException("there is no file " + path, e);
        } catch (IOException e) {
            throw new UnavailableException("the file " + path + " cannot be read", e);
        }
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    @Override
    public void close() {
        web.close();
    }
}
