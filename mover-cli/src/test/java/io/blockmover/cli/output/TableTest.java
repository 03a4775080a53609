package io.blockmover.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    Table table = new Table("id", ">size", "tags");
    table.row("abcdef", "1 B", "");
    table.row("a", "100 GiB", "x");
    assertThat(table.lines())
        .containsExactly("id         size  tags", "abcdef      1 B", "a       100 GiB  x");
  }
}
