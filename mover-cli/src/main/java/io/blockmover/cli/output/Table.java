package io.blockmover.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Rows in columns; a column whose name begins with {@code >} is aligned to the right. */
public final class Table {

  private final List<String> names;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... names) {
    this.names = List.of(names);
  }

  /** Adds a row with a cell for each column. */
  public void row(String... cells) {
    if (cells.length != names.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + names.size() + " columns");
    }
    rows.add(List.of(cells));
  }

  /** The lines, the first of them the columns' names. */
  public List<String> lines() {
    List<List<String>> all = new ArrayList<>();
    all.add(names.stream().map(Table::title).toList());
    all.addAll(rows);
    int[] widths = new int[names.size()];
    for (List<String> row : all) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return all.stream().map(row -> line(row, widths)).toList();
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - row.get(i).length());
      boolean right = names.get(i).startsWith(">");
      line.append(i == 0 ? "" : "  ");
      line.append(right ? padding + row.get(i) : row.get(i) + padding);
    }
    return line.toString().stripTrailing();
  }

  private static String title(String name) {
    return name.startsWith(">") ? name.substring(1) : name;
  }
}
