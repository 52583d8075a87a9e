package dev.plaudit.gateway;

import dev.plaudit.events.InvalidFieldException;
import dev.plaudit.events.Options;
import dev.plaudit.events.Post;
import dev.plaudit.events.Problem;
import dev.plaudit.events.Simulation;
import dev.plaudit.events.Task;
import dev.plaudit.tables.PostTable;
import dev.plaudit.tables.Row;
import java.util.Iterator;

/** The rows of a table as simulations; one that is no post has ended before it began, with the problem. */
final class TableSimulations implements Iterator<Simulation> {
    private static final Post UNREADABLE = new Post(null, null, null, null, null, null, null);

    private final Iterator<Row> rows;
    private final Task task;
    private final Options options;
    private final int limit;
    private int count;

    /** @param limit the most rows */
    TableSimulations(PostTable table, Task task, Options options, int limit) {
        this.rows = table.iterator();
        this.task = task;
        this.options = options;
        this.limit = limit;
        if (!rows.hasNext()) {
            throw new InvalidFieldException("$", "must hold 1 to " + limit + " posts, was 0");
        }
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public Simulation next() {
        if (++count > limit) {
            throw new InvalidFieldException("$", "must hold 1 to " + limit + " posts, were more");
        }
        return switch (rows.next()) {
            case Row.Readable row when task == Task.BEHAVIOR -> Simulation.behavior(row.post(), options);
            case Row.Readable row -> Simulation.content(row.post(), options);
            case Row.Unreadable row ->
                new Simulation(task, UNREADABLE, options, null, null, null, null, null, null, null, null)
                        .withProblem(problem(row));
        };
    }

    /** The row's problem, which says where the row is. */
    private static Problem problem(Row.Unreadable row) {
        Problem problem = Problem.invalidField(new InvalidFieldException(row.field(), row.reason()));
        return new Problem(problem.type(), problem.title(), problem.status(), row.message(), problem.field());
    }
}
