package dev.plaudit.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;

/**
 * An earlier post of an account, and what it got. In JSON an object, or its likes alone.
 *
 * @param likes what it got
 * @param date when it was posted, in the poster's own time; null when unknown
 * @param kind of its media, as {@link Post#mediaKind()} has it; null when it had none, or when unknown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EarlierPost(
        @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
        int likes,

        @JsonDeserialize(using = PostDate.Deserializer.class)
        LocalDateTime date,

        MediaKind kind) {

    /** Said to be the creator, since the one for bare likes would hide it. */
    @JsonCreator
    public EarlierPost {}

    /** An earlier post of which only the likes are known. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static EarlierPost ofLikes(int likes) {
        return new EarlierPost(likes, null, null);
    }

    /** Earlier posts of which only the likes are known. */
    public static List<EarlierPost> ofLikes(int... likes) {
        return Arrays.stream(likes).mapToObj(EarlierPost::ofLikes).toList();
    }
}
