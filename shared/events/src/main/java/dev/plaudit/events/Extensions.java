package dev.plaudit.events;

/** The CloudEvents extension attributes that Plaudit's events carry, spelled once. */
public final class Extensions {
    /** {@link Task#value()}: which chain the event belongs to. */
    public static final String TASK = "task";
    /** {@link #MEDIA_SOME} or {@link #MEDIA_NONE}: whether there are media that a model must look at. */
    public static final String MEDIA = "media";
    /** The subject, so that a partitioned broker keeps one simulation's events together. */
    public static final String PARTITION_KEY = "partitionkey";
    /** W3C Trace Context, from CloudEvents' Distributed Tracing extension. */
    public static final String TRACEPARENT = "traceparent";

    /** When nobody waits for the event any more (RFC 3339), from CloudEvents' Expiry Time extension. */
    public static final String EXPIRY_TIME = "expirytime";

    public static final String MEDIA_SOME = "some";
    public static final String MEDIA_NONE = "none";
    public static final String BEHAVIOR = "behavior";
    public static final String CONTENT = "content";
    public static final String LEVEL = "level";

    private Extensions() {}
}
