package io.blockmover.ceph.rbd.librbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.ceph.rbd.TestCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Images that are closed as soon as they are open. librbd uses an image's lock once more after it
 * has said that the image is open; freed by then, that ends the process (seen with 18.2.7). In a
 * process of its own, in which memory that was freed is overwritten, so that it cannot go unseen.
 */
@Tag("ceph")
class QuickCloseIT {

  private static final int THREADS = 6;
  private static final int TIMES = 150;

  @Test
  void anImageThatIsClosedAsSoonAsItIsOpenDoesNotEndTheProcess() throws Exception {
    String name = "quick-" + UUID.randomUUID();
    try (ClusterConnection connection = TestCluster.connect();
        RbdPool pool = connection.pool("rbd", "")) {
      pool.create(new NewImage(name, 1 << 20, Set.of(), 0, ""));
      ImageSurgery.clone(pool, name, snapshot(pool, name), image(name + "-clone"));
      String clone = snapshot(pool, name + "-clone");
      try {
        assertThat(process(name + "-clone", clone)).isEqualTo("survived 0");
      } finally {
        for (String each : List.of(name + "-clone", name)) {
          try (RbdImage doomed = pool.openForWriting(each)) {
            ImageSurgery.removeSnapshot(doomed, "s");
          }
          pool.remove(each);
        }
      }
    }
  }

  private static NewImage image(String name) {
    return new NewImage(name, 1 << 20, Set.of(), 0, "");
  }

  private static String snapshot(RbdPool pool, String image) throws CephFailure {
    try (RbdImage open = pool.openForWriting(image)) {
      ImageSurgery.snapshot(open, "s");
    }
    return "s";
  }

  /** What it printed last, and its exit code. */
  private static String process(String image, String snapshot) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            QuickCloseIT.class.getName(),
            image,
            snapshot);
    builder.environment().put("MALLOC_PERTURB_", "165");
    Process process = builder.redirectErrorStream(true).start();
    String[] lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .strip()
            .split("\n");
    return lines[lines.length - 1] + " " + process.waitFor();
  }

  /** Opens and closes a snapshot many times, in several threads. */
  @SuppressWarnings("SystemOut") // read by the test
  static void main(String[] arguments) throws Exception {
    try (ClusterConnection connection = TestCluster.library().connect(TestCluster.reader());
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        all.add(
            threads.submit(
                () -> {
                  for (int time = 0; time < TIMES; time++) {
                    openAndClose(connection, arguments[0], arguments[1]);
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    System.out.println("survived");
  }

  private static void openAndClose(ClusterConnection connection, String image, String snapshot)
      throws CephFailure {
    try (RbdPool pool = connection.pool("rbd", "");
        RbdImage open = pool.openReadOnly(image, snapshot)) {
      assertThat(open.sizeBytes()).isPositive();
    }
  }
}
