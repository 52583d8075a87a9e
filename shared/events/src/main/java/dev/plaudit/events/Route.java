package dev.plaudit.events;

import java.util.List;

/**
 * The way of a simulation through the functions: which event goes to which step. It stands once, here; the local
 * runner, the synchronous path and the triggers of the cluster follow it.
 */
public final class Route {
    /**
     * One row of the route.
     *
     * @param type the event's type
     * @param task the task it is for; null for any
     * @param media the {@link Extensions#MEDIA} extension it must carry; null for any
     * @param step where it goes
     */
    public record Edge(String type, Task task, String media, Step step) {
        boolean matches(String type, Task task, String media) {
            return this.type.equals(type)
                    && (this.task == null || this.task == task)
                    && (this.media == null || this.media.equals(media));
        }
    }

    /** Every row; for any event at most one matches. */
    public static final List<Edge> EDGES = List.of(
            new Edge(EventType.SUBMITTED, null, Extensions.MEDIA_SOME, Step.CAPTION),
            new Edge(EventType.SUBMITTED, null, Extensions.MEDIA_NONE, Step.PROMPT),
            new Edge(EventType.CAPTIONED, Task.BEHAVIOR, null, Step.PROMPT),
            new Edge(EventType.CAPTIONED, Task.CONTENT, null, Step.OCR),
            new Edge(EventType.CAPTIONED, Task.LEVEL, null, Step.PROMPT),
            new Edge(EventType.READ, Task.CONTENT, null, Step.PROMPT),
            new Edge(EventType.PROMPTED, Task.BEHAVIOR, null, Step.CLASSIFY),
            new Edge(EventType.PROMPTED, Task.CONTENT, null, Step.GENERATE),
            new Edge(EventType.PROMPTED, Task.LEVEL, null, Step.GENERATE),
            new Edge(EventType.CLASSIFIED, Task.BEHAVIOR, null, Step.REGRESS),
            new Edge(EventType.SCORED, null, null, Step.GATEWAY),
            new Edge(EventType.GENERATED, null, null, Step.GATEWAY),
            new Edge(EventType.JUDGED, null, null, Step.GATEWAY),
            new Edge(EventType.FAILED, null, null, Step.GATEWAY));

    private Route() {}

    /**
     * Where an event goes.
     *
     * @param media the event's {@link Extensions#MEDIA} extension; may be null where no row asks for it
     * @throws IllegalArgumentException when no row matches
     */
    public static Step next(String type, Task task, String media) {
        return EDGES.stream()
                .filter(edge -> edge.matches(type, task, media))
                .map(Edge::step)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no route for an event of type " + type + ", task " + task + ", media " + media));
    }
}
