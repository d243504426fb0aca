// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Text in columns, as wide as their widest cell. Columns that are empty in every row are left out. */
final class Table {

    private static final String GAP = "  ";

    private final String[] header;
    private final List<String[]> rows = new ArrayList<>();

    Table(String... header) {
        this.header = header;
    }

    void add(String... cells) {
        if (cells.length != header.length) {
            throw new IllegalArgumentException(cells.length + " cells for " + header.length + " columns");
        }
        rows.add(Arrays.stream(cells).map(Table::printable).toArray(String[]::new));
    }

    /** The lines, without blanks at their ends. */
    List<String> lines() {
        int[] widths = new int[header.length];
        for (int column = 0; column < header.length; column++) {
            for (String[] row : rows) {
                widths[column] = Math.max(widths[column], length(row[column]));
            }
            if (widths[column] > 0) {
                widths[column] = Math.max(widths[column], length(header[column]));
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(header, widths));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    private static String line(String[] cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.length; column++) {
            if (widths[column] > 0) {
                line.append(cells[column])
                        .append(" ".repeat(widths[column] - length(cells[column])))
                        .append(GAP);
            }
        }
        return line.toString().stripTrailing();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    /** Names come from guests' owners and from clients: nothing in them may steer the terminal. */
    static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .map(c -> switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> '?';
                    default -> c;
                })
                .forEach(out::appendCodePoint);
        return out.toString();
    }
}
