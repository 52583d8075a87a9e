package dev.plaudit.training.caption;

import dev.plaudit.inference.vision.Resampling;
import dev.plaudit.training.pictures.RenderedPicture;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Pictures by number, made in a thread of their own before they are asked for and kept as bytes for the next time.
 */
final class PicturePool implements AutoCloseable {
    private static final int AHEAD = 512;

    private final IntFunction<RenderedPicture> source;
    private final int side;
    private final Entry[] entries;
    private final Thread maker;
    private int wanted;
    private int made;
    private boolean closed;
    private RuntimeException failure;

    /**
     * A picture as the model sees it.
     *
     * @param planes red, green and blue, row by row
     * @param silhouette one plane that shows where the main object is
     * @param captions all that are right; the first is to be learnt
     */
    record Entry(byte[] planes, byte[] silhouette, List<String> captions, String subject, String color) {

        static Entry of(RenderedPicture picture, int side) {
            return new Entry(
                    planes(picture.image(), side, 3),
                    planes(picture.silhouette(), side, 1),
                    picture.captions(),
                    picture.subject(),
                    picture.color());
        }

        private static byte[] planes(BufferedImage image, int side, int channels) {
            int[] rgb = Resampling.BICUBIC.resize(image, side, side).getRGB(0, 0, side, side, null, 0, side);
            byte[] planes = new byte[channels * rgb.length];
            for (int i = 0; i < planes.length; i++) {
                planes[i] = (byte) (rgb[i % rgb.length] >> 16 - 8 * (i / rgb.length));
            }
            return planes;
        }

        String caption() {
            return captions.getFirst();
        }
    }

    /**
     * A pool that makes its first pictures at once.
     *
     * @param source makes the picture of a number, always the same
     * @param side of the squares that they become
     * @param size how many there are at most
     */
    PicturePool(IntFunction<RenderedPicture> source, int side, int size) {
        this.source = source;
        this.side = side;
        this.entries = new Entry[size];
        this.maker = Thread.ofPlatform().daemon().name("pictures").start(this::make);
    }

    int size() {
        return entries.length;
    }

    private void make() {
        try {
            for (int i = 0; i < entries.length; i++) {
                if (!mayMake(i)) {
                    return;
                }
                Entry entry = Entry.of(source.apply(i), side);
                synchronized (this) {
                    entries[i] = entry;
                    made = i + 1;
                    notifyAll();
                }
            }
        } catch (RuntimeException e) {
            fail(e);
        } catch (Error e) {
            fail(new IllegalStateException("A picture cannot be made: " + e, e));
        }
    }

    private synchronized void fail(RuntimeException reason) {
        failure = reason;
        notifyAll();
    }

    private synchronized boolean mayMake(int index) {
        try {
            while (!closed && index >= wanted + AHEAD) {
                wait();
            }
        } catch (InterruptedException e) {
            return false;
        }
        return !closed;
    }

    /** The picture of a number; waits until it is made. */
    synchronized Entry get(int index) {
        if (index >= wanted) {
            wanted = index + 1;
            notifyAll();
        }
        while (made <= index) {
            if (failure != null) {
                throw failure;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("The training was interrupted.", e);
            }
        }
        return entries[index];
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            maker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
