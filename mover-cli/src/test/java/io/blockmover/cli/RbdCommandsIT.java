package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.testkit.TestSeed;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line on real images: backup, delta, restore, list, status. */
@Tag("ceph")
class RbdCommandsIT {

  private static final int SIZE = 48 << 20;

  @TempDir private Path directory;
  private final Random random = TestSeed.random("RbdCommandsIT");
  private MoverRun mover = new MoverRun();

  @BeforeEach
  void aRepository() {
    mover =
        mover
            .variable("MOVER_REPO", directory.resolve("repo").toString())
            .variable("MOVER_PASSWORD", "secret");
    assertThat(mover.run("init").exitCode()).isZero();
  }

  /** Who may only read backs up. */
  private MoverRun.Outcome reader(String... arguments) {
    return as("mover", arguments);
  }

  private MoverRun.Outcome as(String user, String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 4);
    all[arguments.length] = "--ceph-conf";
    all[arguments.length + 1] = RealImage.conf();
    all[arguments.length + 2] = "--ceph-id";
    all[arguments.length + 3] = user;
    return mover.run(all);
  }

  private static String successful(MoverRun.Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.err() + outcome.out()).isZero();
    return outcome.out();
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static void put(byte[] content, int offset, byte[] bytes) {
    System.arraycopy(bytes, 0, content, offset, bytes.length);
  }

  @Test
  void anImageGoesThroughItsLife() throws Exception {
    byte[] content = new byte[SIZE];
    try (RealImage image = RealImage.ofBytes(SIZE);
        RealImage restored = RealImage.missing()) {
      byte[] first = randomBytes(9 << 20);
      image.write(4 << 20, first);
      put(content, 4 << 20, first);
      image.snapshot("monday");
      byte[] monday = content.clone();
      String full = successful(reader("backup", image.address() + "@monday", "--json"));
      assertThat(full)
          .as("only what is allocated is read")
          .contains("\"readBytes\":" + first.length, "\"tracker\":\"ceph-rbd\"");

      byte[] changed = randomBytes(8192);
      image.write(6 << 20, changed);
      put(content, 6 << 20, changed);
      image.zero(8 << 20, 4096);
      Arrays.fill(content, 8 << 20, (8 << 20) + 4096, (byte) 0);
      image.resize(SIZE + (8 << 20));
      content = Arrays.copyOf(content, SIZE + (8 << 20));
      byte[] grown = randomBytes(4096);
      image.write(SIZE + 4096, grown);
      put(content, SIZE + 4096, grown);
      image.snapshot("tuesday");
      String delta = successful(reader("backup", image.address() + "@tuesday", "--json"));
      assertThat(delta).contains("\"tracker\":\"ceph-rbd\"", "it knows what changed");

      successful(as("writer", "restore", "latest", restored.address(), "--create", "--verify"));
      assertThat(restored.content()).isEqualTo(content);

      assertThat(successful(mover.run("list", "--json")))
          .contains("\"volume\":\"" + image.address() + "\"");
      RealImage.rbd(
          "resize", "--no-progress", "--allow-shrink", "--size", SIZE + "B", restored.spec());
      String idOfMonday = idOf(full);
      assertThat(as("writer", "restore", idOfMonday, restored.address()).exitCode())
          .as("it holds data")
          .isEqualTo(ExitCode.FAILED);
      String back =
          successful(
              as(
                  "writer",
                  "restore",
                  idOfMonday,
                  restored.address(),
                  "--differential",
                  "--force",
                  "--json"));
      assertThat(back).contains("\"unchangedBytes\"");
      assertThat(restored.content()).isEqualTo(monday);
      successful(reader("verify", "--level", "device", "--device", restored.address(), idOfMonday));
    }
  }

  private static String idOf(String report) {
    return report.replaceAll("(?s).*\"backup\":\"([0-9a-f]{32})\".*", "$1");
  }

  @Test
  void listsSayExactlyWhatIsAllocatedAndWhatChanged() throws Exception {
    try (RealImage image = RealImage.ofBytes(SIZE)) {
      image.write(4 << 20, randomBytes(8192));
      image.snapshot("a");
      image.write(20 << 20, randomBytes(4096));
      image.snapshot("b");
      assertThat(successful(reader("rbd", "list", image.address() + "@a", "-o", "json")))
          .isEqualTo(
              "[{\"block_metadata_type\":2,\"volume_capacity_bytes\":50331648,"
                  + "\"block_metadata\":[{\"byte_offset\":4194304,\"size_bytes\":8192}]}]");
      assertThat(successful(reader("rbd", "list", image.address() + "@a", "@b", "-o", "json")))
          .contains("\"block_metadata\":[{\"byte_offset\":20971520,\"size_bytes\":4096}]");
      assertThat(reader("rbd", "list", image.address() + "@b", "@a").exitCode())
          .as("the base is newer")
          .isEqualTo(ExitCode.FAILED);
      assertThat(reader("rbd", "list", image.address()).exitCode()).isEqualTo(ExitCode.USAGE);
    }
  }

  @Test
  void statusKnowsTheBaseOfTheLastBackupAndThatItIsGone() throws Exception {
    try (RealImage image = RealImage.ofBytes(SIZE)) {
      image.write(0, randomBytes(4096));
      image.snapshot("a");
      String id = idOf(successful(reader("backup", image.address() + "@a", "--json")));
      String there = successful(reader("rbd", "status", image.spec()));
      assertThat(there).contains(id.substring(0, 8) + " of " + image.address());
      image.removeSnapshot("a");
      String gone = successful(reader("rbd", "status", "rbd"));
      assertThat(gone).contains(image.spec() + ": snapshot", "is gone: the next one reads");

      image.snapshot("b");
      String next = successful(reader("backup", image.address() + "@b"));
      assertThat(next).as("the base is gone, and that is said").contains("ceph-rbd: ");
    }
  }

  @Test
  void aLiveImageIsBackedUpWithAWarningAndWithoutATracker() throws Exception {
    try (RealImage image = RealImage.ofBytes(SIZE)) {
      image.write(0, randomBytes(4096));
      MoverRun.Outcome outcome = reader("backup", image.address());
      assertThat(successful(outcome)).contains("full-scan").doesNotContain("ceph-rbd");
      assertThat(outcome.err()).contains("no snapshot");
    }
  }
}
