package io.blockmover.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** What the real sidecar says, by mover and by the reference project's own code. */
@Tag("cluster")
@EnabledIfEnvironmentVariable(named = "MOVER_TEST_IMAGE", matches = ".+")
class CbtListIT {

  @TempDir private Path directory;

  /** What a program printed. */
  private record Printed(int exitCode, String out, String err) {}

  @Test
  void listsAreThoseOfTheReferenceByteForByte() throws Exception {
    try (ClusterApp app = new ClusterApp()) {
      app.claim("data", "64Mi", "");
      app.holder("writer", "data");
      app.write("writer", 100, 100);
      app.snapshot("first", "data");
      app.write("writer", 150, 80);
      app.snapshot("second", "data");
      String content =
          app.kubectl.run(
              "get",
              "volumesnapshot",
              "first",
              "-o",
              "jsonpath={.status.boundVolumeSnapshotContentName}");
      String handle =
          app.kubectl.run(
              "get", "volumesnapshotcontent", content, "-o", "jsonpath={.status.snapshotHandle}");

      assertThat(same(app, "-s", "first").lines()).hasSize(102);
      assertThat(same(app, "-s", "second", "-p", "first").lines()).hasSize(82);
      same(app, "-s", "second", "-P", handle);
      same(app, "-s", "second", "-p", "first", "-o", "json", "-max-results", "10");
      same(app, "-s", "second", "-p", "first", "-starting-offset", "700416");
      assertThat(same(app, "-s", "first", "-P", handle)).isEmpty();
      assertThat(same(app, "-s", "first", "-P", handle, "-o", "json")).isEqualTo("[]");

      Printed gone = ours(app, "-s", "second", "-P", "nothing");
      assertThat(gone.exitCode()).isEqualTo(1);
      assertThat(gone.err()).contains("NOT_FOUND");
    }
  }

  private String same(ClusterApp app, String... arguments) throws Exception {
    Printed theirs = run(List.of("snapshot-metadata-list"), app, arguments);
    Printed ours = ours(app, arguments);
    assertThat(ours).isEqualTo(new Printed(0, theirs.out(), ""));
    return ours.out();
  }

  private Printed ours(ClusterApp app, String... arguments) throws Exception {
    return run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "io.blockmover.cli.Main",
            "cbt",
            "list"),
        app,
        arguments);
  }

  private Printed run(List<String> program, ClusterApp app, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of("-n", app.namespace()));
    command.addAll(List.of(arguments));
    command.addAll(
        List.of("-service-account-namespace", app.namespace(), "-service-account", "mover"));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
    return new Printed(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
