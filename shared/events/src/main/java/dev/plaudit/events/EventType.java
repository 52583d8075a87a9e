package dev.plaudit.events;

/** The CloudEvents {@code type} attributes, spelled once. */
public final class EventType {
    private static final String PREFIX = "dev.plaudit.";

    /** A post enters. */
    public static final String SUBMITTED = PREFIX + "submitted";
    /** Its media are described. */
    public static final String CAPTIONED = PREFIX + "captioned";
    /** The text on its media is read. */
    public static final String READ = PREFIX + "read";
    /** The instruction prompt is written. */
    public static final String PROMPTED = PREFIX + "prompted";
    /** The like bucket is known. */
    public static final String CLASSIFIED = PREFIX + "classified";
    /** The number of likes is known: the end of a behavior simulation. */
    public static final String SCORED = PREFIX + "scored";
    /** The post is written: the end of a content simulation. */
    public static final String GENERATED = PREFIX + "generated";
    /** The like level is known: the end of behavior understanding. */
    public static final String JUDGED = PREFIX + "judged";
    /** The post can never succeed: the end of any simulation. */
    public static final String FAILED = PREFIX + "failed";
    /** A job has ended: told to whoever asked to be told, never to a step. */
    public static final String JOB_ENDED = PREFIX + "job.ended";

    private EventType() {}
}
