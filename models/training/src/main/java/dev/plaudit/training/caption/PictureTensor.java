package dev.plaudit.training.caption;

/** Colour planes as the numbers that the vision transformer takes: levels 0 to 255 become -1 to 1. */
final class PictureTensor {

    private PictureTensor() {}

    /**
     * Writes a picture into a batch.
     *
     * @param planes three planes, row by row
     * @param side of the picture
     * @param right by how many pixels it is moved; what it leaves free takes the colour of the edge
     * @param down likewise
     * @param at where its numbers begin in {@code batch}
     */
    static void put(byte[] planes, int side, int right, int down, float[] batch, int at) {
        int to = at;
        for (int channel = 0; channel < 3; channel++) {
            int plane = channel * side * side;
            for (int y = 0; y < side; y++) {
                int row = plane + Math.clamp(y - down, 0, side - 1) * side;
                for (int x = 0; x < side; x++) {
                    int level = planes[row + Math.clamp(x - right, 0, side - 1)] & 0xFF;
                    batch[to++] = level / 127.5f - 1;
                }
            }
        }
    }
}
