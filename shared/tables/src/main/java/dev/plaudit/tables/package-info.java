/**
 * Tables of posts. {@link dev.plaudit.tables.PostTable} reads CSV, JSON Lines and Excel workbooks row by row, and says of
 * each row it cannot read what is wrong with it; {@link dev.plaudit.tables.ScoreTable} writes the rows back with what was
 * predicted for them. Knows only {@code dev.plaudit.events}.
 */
package dev.plaudit.tables;
