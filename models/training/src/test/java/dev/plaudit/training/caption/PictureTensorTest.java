package dev.plaudit.training.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plaudit.training.caption.PictureTensor.Warp;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PictureTensorTest {
    /** Every second pixel is covered, in a patch that sixteen cells do not divide evenly. */
    @Test
    void aCellIsCoveredByTheShareOfItsOwnPixels() {
        int side = 10;
        byte[] checked = new byte[side * side];
        for (int i = 0; i < checked.length; i++) {
            checked[i] = (byte) ((i / side + i % side) % 2 == 0 ? 255 : 0);
        }
        float[] cover = new float[Blip2.CELLS];

        PictureTensor.cover(checked, side, side, Warp.none(side), cover, 0);

        assertThat(IntStream.range(0, cover.length).mapToDouble(i -> cover[i]))
                .allSatisfy(share -> assertThat(share).isCloseTo(0.5, within(0.06)));
        Arrays.fill(checked, (byte) 255);
        Arrays.fill(cover, 0);
        PictureTensor.cover(checked, side, side, Warp.none(side), cover, 0);
        assertThat(cover)
                .containsExactly(
                        IntStream.range(0, cover.length).mapToObj(_ -> 1f).toArray(Float[]::new), within(1e-5f));
    }
}
