package dev.plaudit.events;

import java.util.List;

/**
 * The predicted engagement.
 *
 * @param bucket the range the likes lie in
 * @param probabilities of buckets 1 to 7; they add up to 1
 * @param likes the predicted number; inside the bucket
 * @param low lower end of the 80 % interval; at most {@code likes}
 * @param high upper end of the 80 % interval; at least {@code likes}
 * @param level the bucket in one word
 * @param drivers what moved the prediction, strongest first; empty unless {@link Options#explain()}
 */
public record Engagement(
        LikeBucket bucket,
        List<Double> probabilities,
        int likes,
        int low,
        int high,
        LikeLevel level,
        List<Driver> drivers) {
    public Engagement {
        probabilities = List.copyOf(probabilities);
        drivers = drivers == null ? List.of() : List.copyOf(drivers);
    }
}
