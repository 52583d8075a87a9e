package dev.plaudit.gateway;

import dev.plaudit.events.Simulation;
import java.io.Closeable;
import java.io.IOException;

/** Writes the results of a job, one after the other. */
interface ResultWriter extends Closeable {
    /** @param place the post's place in the job, from 1 */
    void write(int place, Simulation simulation) throws IOException;
}
