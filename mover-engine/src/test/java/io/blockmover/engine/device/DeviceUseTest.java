package io.blockmover.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.engine.device.FileStatus.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk (250:0) with two partitions, the second of which carries a volume group's dm-7. */
class DeviceUseTest {
  private static final String LINE =
      "36 25 %s / %s rw,relatime shared:1 master:2 - ext4 %s rw,errors=remount-ro\n";

  @TempDir Path sys;

  @BeforeEach
  void makeDevices() throws Exception {
    device("250:0", "zz9", "250:0");
    partition("zz9", "zz9p1", "250:1");
    partition("zz9", "zz9p2", "250:2");
    device("253:7", "dm-7", "253:7");
    Files.createDirectories(sys.resolve("block/dm-7/dm"));
    Files.writeString(sys.resolve("block/dm-7/dm/name"), "vg-root\n");
    Path holders = Files.createDirectories(sys.resolve("block/zz9/zz9p2/holders"));
    Files.createSymbolicLink(holders.resolve("dm-7"), sys.resolve("block/dm-7"));
  }

  @Test
  void anUnusedDiskIsUnused() throws Exception {
    assertThat(use("").describe(disk("250:1"))).isEmpty();
    assertThat(use("").mountedReadWrite(disk("250:0"))).isEmpty();
    assertThat(use("").describe(disk("99:9"))).isEmpty();
  }

  @Test
  void aMountIsFoundByNumber() {
    String mounts = LINE.formatted("250:1", "/a\\040b\\134c", "/dev/root");
    assertThat(use(mounts).describe(disk("250:1"))).contains("is mounted at /a b\\c");
    assertThat(use(mounts).describe(disk("250:0")))
        .contains("has a partition, /dev/zz9p1, that is mounted at /a b\\c");
    assertThat(use(mounts).mountedReadWrite(disk("250:0"))).contains("/a b\\c");
    assertThat(use(mounts).describe(disk("253:7"))).isEmpty();
  }

  @Test
  void aVolumeOnTopIsFoundThroughItsPartition() {
    assertThat(use("").describe(disk("250:2"))).contains("is in use by /dev/mapper/vg-root");
    String mounts = LINE.formatted("253:7", "/", "/dev/mapper/vg-root");
    assertThat(use(mounts).describe(disk("250:0")))
        .contains("is in use by /dev/mapper/vg-root, which is mounted at /");
    assertThat(use(mounts).mountedReadWrite(disk("250:2"))).contains("/");
    assertThat(use(mounts).describe(disk("250:1"))).isEmpty();
  }

  @Test
  void aFileSystemThatIsReadOnlyIsMountedButNotWritable() {
    String mounts = "36 25 250:1 / /mnt rw,relatime - ext4 /dev/x ro,errors=continue\n";
    assertThat(use(mounts).describe(disk("250:1"))).contains("is mounted at /mnt");
    assertThat(use(mounts).mountedReadWrite(disk("250:1"))).isEmpty();
    String bind = "36 25 250:1 / /mnt ro,relatime - ext4 /dev/x rw\n";
    assertThat(use(bind).mountedReadWrite(disk("250:1"))).contains("/mnt");
  }

  @Test
  void aSwapFileIsInUse() throws Exception {
    Path file = Files.createFile(sys.resolve("swap file"));
    DeviceUse use =
        new DeviceUse(MountTable.parse(""), List.of(file.toString()), new BlockTree(sys));
    assertThat(use.describe(NativeIo.status(file))).contains("is used as swap");
    assertThat(use.describe(NativeIo.status(sys))).isEmpty();
  }

  @Test
  void linesThatAreNoMountsAreLeftOut() {
    String text = "\n36 25 250:1\n" + LINE.formatted("1:2", "/x", "tmpfs") + "a b c d e f g h\n";
    assertThat(MountTable.parse(text).mounts()).extracting("mountPoint").containsExactly("/x");
  }

  private DeviceUse use(String mounts) {
    return new DeviceUse(MountTable.parse(mounts), List.of(), new BlockTree(sys));
  }

  private static FileStatus disk(String numbers) {
    return new FileStatus(Kind.BLOCK_DEVICE, 0, 0, "0:6", 1, numbers, 0, 0);
  }

  private void device(String numbers, String name, String dev) throws Exception {
    Path directory = Files.createDirectories(sys.resolve("block").resolve(name));
    Files.writeString(directory.resolve("dev"), dev + "\n");
    Path byNumber = Files.createDirectories(sys.resolve("dev/block"));
    Files.createSymbolicLink(byNumber.resolve(numbers), directory);
  }

  private void partition(String disk, String name, String numbers) throws Exception {
    device(numbers, disk + "/" + name, numbers);
    Files.writeString(sys.resolve("block").resolve(disk).resolve(name).resolve("partition"), "1\n");
  }
}
