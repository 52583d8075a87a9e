package dev.plaudit.ocr;

import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Media;
import dev.plaudit.events.Sight;
import dev.plaudit.inference.Resources;
import dev.plaudit.media.MediaConfig;
import dev.plaudit.media.Picture;
import dev.plaudit.media.PictureLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/** Reads the text on the media of posts. Thread-safe. */
public final class SightReader implements AutoCloseable {
    private final TextReader reader;
    private final PictureLoader loader;
    private final Semaphore posts;

    private SightReader(TextReader reader, PictureLoader loader, int maxPosts) {
        this.reader = reader;
        this.loader = loader;
        this.posts = new Semaphore(maxPosts);
    }

    /** Opens the models that the settings name and warms them up. */
    public static SightReader open(OcrConfig config, MediaConfig media) {
        Resources opened = new Resources();
        try {
            TextReader reader = opened.add(TextReader.open(config));
            reader.warmUp();
            return new SightReader(reader, opened.add(PictureLoader.open(media)), config.maxPosts());
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Where the models run. */
    public String device() {
        return reader.device();
    }

    /**
     * The sights with the text on each medium that has an address. One that could not be had when it was captioned is
     * not fetched again: it bears no text.
     *
     * @param sights one for each medium
     * @throws RejectedExecutionException when too many posts are under way
     */
    List<Sight> read(List<Media> media, List<Sight> sights) {
        if (sights.size() != media.size()) {
            throw new InvalidFieldException(
                    "sights", "must be one for each of the " + media.size() + " media, were " + sights.size());
        }
        if (!posts.tryAcquire()) {
            throw new RejectedExecutionException("too many posts are being read");
        }
        try {
            List<Media> legible = new ArrayList<>();
            for (int i = 0; i < media.size(); i++) {
                if (isLegible(media.get(i), sights.get(i))) {
                    legible.add(media.get(i));
                }
            }
            List<Sight> read = new ArrayList<>();
            int next = 0;
            List<Found> found = loader.load(legible, this::find);
            for (int i = 0; i < media.size(); i++) {
                Sight sight = sights.get(i);
                if (isLegible(media.get(i), sight)) {
                    Found text = found.get(next++);
                    read.add(new Sight(sight.caption(), text.lines(), text.unavailable()));
                } else {
                    read.add(sight.unavailable() == null ? sight : sight.withText(List.of()));
                }
            }
            return read;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading pictures", e);
        } finally {
            posts.release();
        }
    }

    private record Found(List<String> lines, String unavailable) {}

    private static boolean isLegible(Media medium, Sight sight) {
        return sight.unavailable() == null && (medium.url() != null || medium.thumbnail() != null);
    }

    private Found find(Picture picture) {
        List<String> lines = picture.unavailable() == null
                ? reader.read(picture.image()).stream().map(TextLine::text).toList()
                : List.of();
        return new Found(lines, picture.unavailable());
    }

    @Override
    public void close() {
        loader.close();
        reader.close();
    }
}
