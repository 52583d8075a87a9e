package dev.plaudit.inference.vision;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plaudit.inference.ConfigFile;
import dev.plaudit.inference.ModelException;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Brings pictures to the size and the numbers that a vision model was trained on, as Hugging Face's image processors do
 * by {@code preprocessor_config.json}: resize, crop, rescale, normalise.
 *
 * @param size what a picture is resized to; empty to leave it
 * @param crop the middle part that is taken; empty for the whole
 * @param resampling how it is resized
 * @param rescaleFactor by which a level, 0 to 255, is multiplied
 * @param mean subtracted from each channel, red, green and blue
 * @param std by which each channel is then divided
 */
public record ImageProcessor(
        Optional<Size> size,
        Optional<Size.Exact> crop,
        Resampling resampling,
        float rescaleFactor,
        float[] mean,
        float[] std) {
    /** The file of a checkpoint folder. */
    public static final String FILE = "preprocessor_config.json";

    private static final int CHANNELS = 3;
    private static final double LEVELS = 255;

    /** What CLIP's processor, and BLIP's after it, take where nothing is said. */
    private static final float[] CLIP_MEAN = {0.48145466f, 0.4578275f, 0.40821073f};

    private static final float[] CLIP_STD = {0.26862954f, 0.26130258f, 0.27577711f};

    /** A size of pictures in pixels. */
    public sealed interface Size {
        /** Of these sides, whatever the picture's proportions. */
        record Exact(int width, int height) implements Size {}

        /** With the picture's proportions, its shorter side as given. */
        record ShortestEdge(int length) implements Size {}

        /** The size that a picture is brought to. */
        default Exact of(int width, int height) {
            return switch (this) {
                case Exact exact -> exact;
                case ShortestEdge edge ->
                    width <= height
                            ? new Exact(edge.length, (int) ((double) edge.length * height / width))
                            : new Exact((int) ((double) edge.length * width / height), edge.length);
            };
        }
    }

    /**
     * Reads a folder's {@code preprocessor_config.json}. What it leaves open is as BLIP's image processor has it.
     *
     * @param imageSize side of the square that the model takes
     * @throws ModelException when it cannot be read, asks for what is not built here, or gives pictures of another size
     */
    public static ImageProcessor of(Path folder, int imageSize) {
        ConfigFile file = ConfigFile.read(folder.resolve(FILE));
        Size.Exact square = new Size.Exact(imageSize, imageSize);
        Optional<Size> size = file.flag("do_resize", true) ? Optional.of(size(file, "size", square)) : Optional.empty();
        Optional<Size.Exact> crop =
                file.flag("do_center_crop", false) ? Optional.of(exact(file, "crop_size", square)) : Optional.empty();
        ImageProcessor processor = new ImageProcessor(
                size,
                crop,
                resampling(file),
                file.flag("do_rescale", true) ? (float) file.number("rescale_factor", 1 / LEVELS) : 1,
                file.flag("do_normalize", true) ? channels(file, "image_mean", CLIP_MEAN) : new float[CHANNELS],
                file.flag("do_normalize", true) ? channels(file, "image_std", CLIP_STD) : new float[] {1, 1, 1});
        Optional<? extends Size> result = crop.isPresent() ? crop : size;
        require(
                file,
                result.filter(square::equals).isPresent(),
                "pictures must become " + imageSize + " by " + imageSize + " pixels, which "
                        + "is what the model takes");
        for (float deviation : processor.std) {
            require(file, deviation > 0, "image_std must be positive");
        }
        return processor;
    }

    /**
     * What the model is given.
     *
     * @param image without transparency
     * @return the red, then the green, then the blue plane, row by row
     * @throws IllegalArgumentException when the picture is smaller than the part that is to be cut from it
     */
    public float[] pixelValues(BufferedImage image) {
        Size.Exact own = new Size.Exact(image.getWidth(), image.getHeight());
        Size.Exact whole =
                size.map(wanted -> wanted.of(own.width(), own.height())).orElse(own);
        BufferedImage picture = resampling.resize(image, whole.width(), whole.height(), part(whole));
        int plane = picture.getWidth() * picture.getHeight();
        int[] rgb = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        float[] values = new float[CHANNELS * plane];
        for (int channel = 0; channel < CHANNELS; channel++) {
            int shift = 8 * (CHANNELS - 1 - channel);
            for (int i = 0; i < plane; i++) {
                values[channel * plane + i] = ((rgb[i] >> shift & 0xFF) * rescaleFactor - mean[channel]) / std[channel];
            }
        }
        return values;
    }

    /** What is cut from a resized picture. */
    private Rectangle part(Size.Exact whole) {
        Size.Exact part = crop.orElse(whole);
        if (whole.width() < part.width() || whole.height() < part.height()) {
            throw new IllegalArgumentException("a picture of " + whole.width() + " by " + whole.height()
                    + " pixels has no middle part of " + part.width() + " by " + part.height());
        }
        int left = (whole.width() - part.width()) / 2;
        int top = (whole.height() - part.height()) / 2;
        return new Rectangle(left, top, part.width(), part.height());
    }

    /** A side, or sides by name: {@code 224}, {@code {"height": 224, "width": 224}}, {@code {"shortest_edge": 224}}. */
    private static Size size(ConfigFile file, String field, Size.Exact otherwise) {
        JsonNode edge = file.root().path(field).path("shortest_edge");
        return edge.isMissingNode()
                ? exact(file, field, otherwise)
                : new Size.ShortestEdge(file.part(field).positive("shortest_edge"));
    }

    private static Size.Exact exact(ConfigFile file, String field, Size.Exact otherwise) {
        JsonNode value = file.root().path(field);
        if (value.isObject()) {
            ConfigFile sides = file.part(field);
            return new Size.Exact(sides.positive("width"), sides.positive("height"));
        }
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        int side = file.positive(field);
        return new Size.Exact(side, side);
    }

    private static Resampling resampling(ConfigFile file) {
        int code = file.natural("resample", Resampling.BICUBIC.code());
        return Arrays.stream(Resampling.values())
                .filter(filter -> filter.code() == code)
                .findFirst()
                .orElseThrow(() -> new ModelException(file.path() + ": resample is " + code
                        + ", but only 2 (bilinear) and 3 (bicubic) are supported"));
    }

    private static float[] channels(ConfigFile file, String field, float[] otherwise) {
        JsonNode value = file.root().path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        float[] channels = new float[CHANNELS];
        for (int i = 0; i < CHANNELS; i++) {
            require(file, value.size() == CHANNELS && value.path(i).isNumber(), field + " must be three numbers");
            channels[i] = value.path(i).floatValue();
        }
        return channels;
    }

    private static void require(ConfigFile file, boolean holds, String rule) {
        if (!holds) {
            throw new ModelException(file.path() + ": " + rule);
        }
    }
}
