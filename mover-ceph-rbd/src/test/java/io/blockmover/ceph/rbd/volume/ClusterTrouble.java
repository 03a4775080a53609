package io.blockmover.ceph.rbd.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What happens to clusters: clients fenced off, daemons that stop or die. */
final class ClusterTrouble {

  private static final Pattern WATCHER = Pattern.compile("watcher=(\\S+) ");

  private ClusterTrouble() {}

  /** Without it, names, keys and capabilities mean nothing. */
  static void assumeCephx() throws IOException {
    boolean none =
        Files.readString(Path.of(TestImage.conf())).contains("auth_client_required = none");
    assumeTrue(!none, "does not apply: the cluster asks nobody for a key");
  }

  /** The one client that has the image open for writing. */
  static String watcher(TestImage image) {
    Matcher matcher = WATCHER.matcher(TestImage.rbd("status", image.spec()));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  /** Cuts a client off. */
  static void blocklist(String address) {
    TestImage.run(
        List.of("ceph", "-c", TestImage.conf(), "osd", "blocklist", "add", address, "60"));
  }

  /** Sends a daemon a signal; tests that need this want the rig's own cluster. */
  static void signal(String daemon, String signal) throws IOException {
    Path file = directory().resolve("run").resolve(daemon + ".pid");
    String pid = Files.readString(file).split(" ", 2)[0];
    TestImage.run(List.of("kill", "-" + signal, pid));
  }

  /**
   * Starts what does not run. The rig's script waits longer than the cluster takes to answer: its
   * end is not waited for.
   */
  static Process start() throws IOException {
    return new ProcessBuilder(rig().resolve("up.sh").toString(), directory().toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static Path directory() {
    return named("MOVER_TEST_CEPH_DIR");
  }

  private static Path rig() {
    return named("MOVER_TEST_CEPH_RIG");
  }

  private static Path named(String variable) {
    String value = System.getenv(variable);
    assumeTrue(value != null, "needs a cluster of the rig: " + variable + " is not set");
    return Path.of(String.valueOf(value));
  }
}
