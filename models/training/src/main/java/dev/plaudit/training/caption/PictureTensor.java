package dev.plaudit.training.caption;

import java.util.Random;
import java.util.stream.IntStream;

/** Colour planes as the numbers that the vision transformer takes: levels 0 to 255 become -1 to 1. */
final class PictureTensor {
    private static final int CELLS_ACROSS = 4;

    private PictureTensor() {}

    /**
     * Where each pixel of a moved, turned and scaled picture comes from; what it leaves free takes the colour of the edge.
     *
     * @param sources of the pixels, row by row, as indices of the picture's own
     */
    record Warp(int[] sources) {
        private static final double TURN = 0.08;
        private static final double SCALE = 0.08;

        /** Leaves a picture of given side as it is. */
        static Warp none(int side) {
            return new Warp(IntStream.range(0, side * side).toArray());
        }

        /** Moves a picture by up to {@code most} pixels, and turns and scales it about its middle; not at all if that is 0. */
        static Warp random(int side, int most, Random random) {
            if (most == 0) {
                return none(side);
            }
            double right = most * (2 * random.nextDouble() - 1);
            double down = most * (2 * random.nextDouble() - 1);
            double turn = TURN * random.nextGaussian();
            double scale = Math.exp(SCALE * random.nextGaussian());
            double middle = (side - 1) / 2.0;
            int[] sources = new int[side * side];
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    double across = (x - middle - right) * scale;
                    double along = (y - middle - down) * scale;
                    long column = Math.round(middle + Math.cos(turn) * across - Math.sin(turn) * along);
                    long row = Math.round(middle + Math.sin(turn) * across + Math.cos(turn) * along);
                    sources[y * side + x] = Math.clamp(row, 0, side - 1) * side + Math.clamp(column, 0, side - 1);
                }
            }
            return new Warp(sources);
        }
    }

    /**
     * Writes a picture into a batch.
     *
     * @param planes three planes, row by row
     * @param at where its numbers begin in {@code batch}
     */
    static void put(byte[] planes, Warp warp, float[] batch, int at) {
        int plane = warp.sources.length;
        for (int i = 0; i < planes.length; i++) {
            int level = planes[i / plane * plane + warp.sources[i % plane]] & 0xFF;
            batch[at + i] = level / 127.5f - 1;
        }
    }

    /**
     * Writes how much of each cell of each patch is covered, 0 to 1.
     *
     * @param plane 255 where it is covered, row by row
     * @param at where the picture's numbers begin in {@code cover}
     */
    static void cover(byte[] plane, int side, int patch, Warp warp, float[] cover, int at) {
        int across = side / patch;
        for (int y = 0; y < side; y++) {
            int row = y % patch * CELLS_ACROSS / patch;
            for (int x = 0; x < side; x++) {
                int index = y / patch * across + x / patch;
                int column = x % patch * CELLS_ACROSS / patch;
                int level = plane[warp.sources[y * side + x]] & 0xFF;
                cover[at + index * Blip2.CELLS + row * CELLS_ACROSS + column] +=
                        level / 255f / (pixels(row, patch) * pixels(column, patch));
            }
        }
    }

    /** How many of a patch's rows, or columns, belong to one of its cells. */
    private static int pixels(int cell, int patch) {
        return Math.ceilDiv((cell + 1) * patch, CELLS_ACROSS) - Math.ceilDiv(cell * patch, CELLS_ACROSS);
    }
}
