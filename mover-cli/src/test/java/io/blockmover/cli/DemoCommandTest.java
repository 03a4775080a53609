package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {

  @TempDir private Path directory;

  @Test
  void theDemoRunsAndCleansUp() {
    MoverRun.Outcome demo =
        new MoverRun().run("demo", "--size", "16M", "--dir", directory.toString());
    assertThat(demo.exitCode()).as(demo.err()).isZero();
    assertThat(demo.out()).contains("first backup", "second backup", "verify", "./mover init");
    assertThat(demo.err()).contains("they are the same");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void whatIsKeptCanBeUsed() {
    MoverRun mover = new MoverRun().variable("MOVER_PASSWORD", "demo");
    mover.run("demo", "--size", "16M", "--dir", directory.toString(), "--keep", "-q");
    Path place = directory.toFile().listFiles()[0].toPath();
    MoverRun.Outcome list = mover.run("list", "-r", place.resolve("repository").toString());
    assertThat(list.out().lines()).hasSize(3);
  }
}
