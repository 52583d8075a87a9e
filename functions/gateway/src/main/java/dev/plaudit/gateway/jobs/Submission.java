package dev.plaudit.gateway.jobs;

import dev.plaudit.events.Simulation;

/** A job's post that is to be sent on its way. */
public record Submission(Subject subject, Simulation simulation) {}
