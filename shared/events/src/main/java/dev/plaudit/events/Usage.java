package dev.plaudit.events;

/**
 * What one step cost, so that pay-per-use is visible to the caller.
 *
 * @param function the step
 * @param device where its model ran: {@code cpu} or {@code cuda}
 * @param millis how long it worked, in milliseconds, waiting for a batch included
 * @param coldStart whether this was the first event after the process started
 */
public record Usage(Step function, String device, double millis, boolean coldStart) {}
