package dev.plaudit.training.caption;

import java.util.Random;

/** Colour planes as the numbers that the vision transformer takes: levels 0 to 255 become -1 to 1. */
final class PictureTensor {
    private static final int CELLS_ACROSS = 4;

    private PictureTensor() {}

    /**
     * By how many pixels a picture is moved; what it leaves free takes the colour of the edge.
     *
     * @param right to the right, or to the left if negative
     * @param down downwards, or upwards if negative
     */
    record Shift(int right, int down) {
        static final Shift NONE = new Shift(0, 0);

        static Shift random(int most, Random random) {
            return new Shift(random.nextInt(2 * most + 1) - most, random.nextInt(2 * most + 1) - most);
        }
    }

    /**
     * Writes a picture into a batch.
     *
     * @param planes three planes, row by row
     * @param side of the picture
     * @param at where its numbers begin in {@code batch}
     */
    static void put(byte[] planes, int side, Shift shift, float[] batch, int at) {
        int to = at;
        for (int channel = 0; channel < 3; channel++) {
            int plane = channel * side * side;
            for (int y = 0; y < side; y++) {
                int row = plane + Math.clamp(y - shift.down(), 0, side - 1) * side;
                for (int x = 0; x < side; x++) {
                    int level = planes[row + Math.clamp(x - shift.right(), 0, side - 1)] & 0xFF;
                    batch[to++] = level / 127.5f - 1;
                }
            }
        }
    }

    /**
     * Writes how much of each cell of each patch is covered, 0 to 1.
     *
     * @param plane 255 where it is covered, row by row
     * @param at where the picture's numbers begin in {@code cover}
     */
    static void cover(byte[] plane, int side, int patch, Shift shift, float[] cover, int at) {
        int across = side / patch;
        int cell = Math.max(1, patch / CELLS_ACROSS);
        for (int y = 0; y < side; y++) {
            int row = Math.clamp(y - shift.down(), 0, side - 1) * side;
            int cellRow = Math.min(CELLS_ACROSS - 1, y % patch / cell) * CELLS_ACROSS;
            for (int x = 0; x < side; x++) {
                int index = y / patch * across + x / patch;
                int column = Math.min(CELLS_ACROSS - 1, x % patch / cell);
                int level = plane[row + Math.clamp(x - shift.right(), 0, side - 1)] & 0xFF;
                cover[at + index * Blip2.CELLS + cellRow + column] += level / 255f / (cell * cell);
            }
        }
        for (int i = at; i < at + across * across * Blip2.CELLS; i++) {
            cover[i] = Math.min(1, cover[i]);
        }
    }
}
