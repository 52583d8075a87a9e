package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** The seven ranges of likes that the classifier tells apart. On the wire a bucket is its number, 1 to 7. */
public enum LikeBucket {
    UP_TO_10(0, 10, LikeLevel.LOW),
    UP_TO_100(11, 100, LikeLevel.LOW),
    UP_TO_300(101, 300, LikeLevel.MEDIUM),
    UP_TO_500(301, 500, LikeLevel.MEDIUM),
    UP_TO_1000(501, 1000, LikeLevel.MEDIUM),
    UP_TO_2500(1001, 2500, LikeLevel.HIGH),
    OVER_2500(2501, Integer.MAX_VALUE, LikeLevel.HIGH);

    /** How many buckets there are: 7. */
    public static final int COUNT = values().length;

    private final int low;
    private final int high;
    private final LikeLevel level;

    LikeBucket(int low, int high, LikeLevel level) {
        this.low = low;
        this.high = high;
        this.level = level;
    }

    /** The bucket that holds a number of likes; negative numbers are refused. */
    public static LikeBucket ofLikes(int likes) {
        if (likes < 0) {
            throw new InvalidFieldException("likes", "must not be negative");
        }
        for (LikeBucket bucket : values()) {
            if (likes <= bucket.high) {
                return bucket;
            }
        }
        throw new AssertionError(likes);
    }

    /** The bucket with this number, 1 to 7. */
    @JsonCreator
    public static LikeBucket ofNumber(int number) {
        if (number < 1 || number > COUNT) {
            throw new InvalidFieldException("bucket", "must be 1 to " + COUNT + ", was " + number);
        }
        return values()[number - 1];
    }

    /** 1 to 7. */
    @JsonValue
    public int number() {
        return ordinal() + 1;
    }

    /** The fewest likes in this bucket. */
    public int low() {
        return low;
    }

    /** The most likes in this bucket; {@link Integer#MAX_VALUE} in the last. */
    public int high() {
        return high;
    }

    public LikeLevel level() {
        return level;
    }
}
