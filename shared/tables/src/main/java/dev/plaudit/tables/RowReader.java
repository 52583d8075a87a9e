package dev.plaudit.tables;

import java.io.Closeable;
import java.util.List;

/** The rows of one format. */
interface RowReader extends Closeable {
    /** The names of the columns, in order. */
    List<String> columns();

    /** The next row; null at the end. */
    Row next();
}
