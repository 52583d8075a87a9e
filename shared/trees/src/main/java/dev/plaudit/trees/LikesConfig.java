package dev.plaudit.trees;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/**
 * The {@code config.json} of a {@link LikesModel} folder.
 *
 * @param formatVersion {@value #FORMAT_VERSION}
 * @param features the numeric features' names, in the order of a row
 * @param embeddingSize how many values of the text's embedding follow them
 * @param buckets the like buckets from the fewest likes to the most, without gaps
 * @param overall the regressor that knows the posts of all buckets
 * @param distanceWeight what a squared error of 1 in log1p(likes) costs where missing the bucket costs 1; 0 decides on the
 *     likeliest bucket
 * @param interval how the prediction interval is cut
 */
public record LikesConfig(
        @JsonProperty(required = true) int formatVersion,
        @JsonProperty(required = true) List<String> features,
        @JsonProperty(required = true) int embeddingSize,
        @JsonProperty(required = true) List<Bucket> buckets,
        @JsonProperty(required = true) Overall overall,
        @JsonProperty(required = true) double distanceWeight,
        @JsonProperty(required = true) Interval interval) {

    /** The version that this code writes and reads. */
    public static final int FORMAT_VERSION = 2;

    /** The name of the file in the folder. */
    public static final String FILE = "config.json";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /**
     * A like bucket and its regressor.
     *
     * @param low the fewest likes
     * @param high the most likes; {@link Integer#MAX_VALUE} in the last bucket
     * @param model the regressor's file in the same folder: {@code .ubj} or {@code .cbm}
     * @param residuals evenly spaced quantiles, ascending, of log1p(likes) minus the regressor's value on calibration rows
     *     of this bucket
     */
    public record Bucket(
            @JsonProperty(required = true) int low,
            @JsonProperty(required = true) int high,
            @JsonProperty(required = true) String model,
            @JsonProperty(required = true) double[] residuals) {

        /** A value in log1p(likes) moved to the nearest that the bucket holds. */
        double clampLog(double log) {
            return Math.clamp(log, Math.log1p(low), Math.log1p(high));
        }

        /** The residuals around a value in log1p(likes), ascending, each moved to the nearest that the bucket holds. */
        double[] around(double log) {
            double least = Math.log1p(low);
            double most = Math.log1p(high);
            double[] around = new double[residuals.length];
            for (int i = 0; i < around.length; i++) {
                around[i] = Math.clamp(log + residuals[i], least, most);
            }
            return around;
        }

        /** The nearest number of likes that the bucket holds. */
        int clamp(double likes) {
            return (int) Math.round(Math.clamp(likes, low, high));
        }
    }

    /**
     * The regressor of log1p(likes) whatever the bucket, on the numeric features alone.
     *
     * @param model its file in the same folder: {@code .ubj} or {@code .cbm}
     * @param weight how much of the expected log1p(likes) is its, 0 to 1; the rest is the buckets'
     * @param needs the feature without which it is not asked: it knows no names, so that of an account of which nothing is
     *     known the classifier alone can tell
     */
    public record Overall(
            @JsonProperty(required = true) String model,
            @JsonProperty(required = true) double weight,
            @JsonProperty(required = true) String needs) {}

    /**
     * The tail left out at either side of the predictive distribution, and the share of posts whose likes are then inside.
     *
     * @param coverage 0 to 1
     * @param tail 0 to 0.5: the interval runs from this quantile to the one at 1 - tail
     */
    public record Interval(
            @JsonProperty(required = true) double coverage,
            @JsonProperty(required = true) double tail) {}

    /**
     * Refuses values that cannot work together.
     *
     * @throws TreeModelException naming the first of them
     */
    public LikesConfig {
        if (formatVersion != FORMAT_VERSION) {
            throw new TreeModelException("The likes model has format version %d, this program reads %d."
                    .formatted(formatVersion, FORMAT_VERSION));
        }
        features = List.copyOf(features);
        buckets = List.copyOf(buckets);
        if (new HashSet<>(features).size() != features.size()) {
            throw new TreeModelException("The likes model names a feature twice.");
        }
        if (embeddingSize < 0) {
            throw new TreeModelException("The likes model has a negative embedding size.");
        }
        int next = 0;
        for (Bucket bucket : buckets) {
            if (bucket.low != next || bucket.high < bucket.low) {
                throw new TreeModelException("The likes model's buckets leave a gap at %d likes.".formatted(next));
            }
            if (bucket.residuals.length == 0) {
                throw new TreeModelException(
                        "The likes model's bucket from %d likes has no residuals.".formatted(next));
            }
            for (int i = 1; i < bucket.residuals.length; i++) {
                if (!(bucket.residuals[i - 1] <= bucket.residuals[i])) {
                    throw new TreeModelException(
                            "The likes model's residuals from %d likes do not ascend.".formatted(next));
                }
            }
            requireFileName(bucket.model);
            next = bucket.high + 1;
        }
        if (buckets.isEmpty() || next != Integer.MIN_VALUE) {
            throw new TreeModelException(
                    "The likes model's buckets must end at %d likes.".formatted(Integer.MAX_VALUE));
        }
        requireFileName(overall.model);
        if (!features.contains(overall.needs)) {
            throw new TreeModelException("The likes model has no feature %s.".formatted(overall.needs));
        }
        if (!(overall.weight >= 0 && overall.weight <= 1)) {
            throw new TreeModelException("The likes model's overall regressor must weigh 0 to 1.");
        }
        if (!(distanceWeight >= 0)) {
            throw new TreeModelException("The likes model's distance weight must not be negative.");
        }
        if (!(interval.tail >= 0 && interval.tail <= 0.5)) {
            throw new TreeModelException("The likes model's interval must leave out 0 to 0.5 at either side.");
        }
    }

    private static void requireFileName(String model) {
        if (!Path.of(model).getFileName().toString().equals(model)) {
            throw new TreeModelException("The likes model's file %s is not in its folder.".formatted(model));
        }
    }

    /**
     * Reads {@code config.json} of a folder.
     *
     * @throws TreeModelException when it is missing, no JSON, or lacks a field
     */
    static LikesConfig read(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            return JSON.readValue(Files.readAllBytes(file), LikesConfig.class);
        } catch (NoSuchFileException e) {
            throw new TreeModelException("Likes model %s has no %s.".formatted(folder, FILE), e);
        } catch (JacksonException e) {
            if (e.getCause() instanceof TreeModelException refused) {
                throw refused;
            }
            throw new TreeModelException("%s is damaged: %s.".formatted(file, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new TreeModelException("%s cannot be read.".formatted(file), e);
        }
    }

    /**
     * Writes {@code config.json} into a folder.
     *
     * @throws IOException when it cannot be written
     */
    public void write(Path folder) throws IOException {
        Files.write(folder.resolve(FILE), JSON.writeValueAsBytes(this));
    }
}
