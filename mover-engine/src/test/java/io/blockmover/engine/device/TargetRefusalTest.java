package io.blockmover.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.TargetRefused;
import io.blockmover.api.source.BlockTarget;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices that must not be overwritten. */
class TargetRefusalTest {
  private static final int MIB = 1 << 20;
  private static final TargetOptions PLAIN = new TargetOptions(false, false);
  private static final TargetOptions FORCE = new TargetOptions(true, true);

  @TempDir Path directory;

  @BeforeEach
  void loopDevicesAreThere() {
    LoopDevice.assumeAvailable();
  }

  @Test
  void aDeviceSmallerThanTheBackupIsRefusedWithBothSizes() throws Exception {
    try (LoopDevice loop = LoopDevice.ofSize(directory.resolve("image"), MIB)) {
      assertRefused(loop.path(), MIB + 1, FORCE)
          .hasMessageContaining("1048576")
          .hasMessageContaining("1048577");
    }
  }

  @Test
  void aLargerDeviceIsAcceptedAndTellsItsRealSize() throws Exception {
    try (LoopDevice loop = LoopDevice.ofSize(directory.resolve("image"), MIB);
        BlockTarget target = Devices.openTarget(loop.path(), 1000, PLAIN)) {
      assertThat(target.sizeBytes()).isEqualTo(MIB);
    }
  }

  @Test
  void aReadOnlyDeviceIsRefused() throws Exception {
    try (LoopDevice loop = LoopDevice.ofSize(directory.resolve("image"), MIB, "--read-only")) {
      assertRefused(loop.path(), MIB, FORCE).hasMessageContaining("read-only");
    }
  }

  @Test
  void aDeviceThatAnotherProcessClaimsIsRefused() throws Exception {
    try (LoopDevice loop = LoopDevice.ofSize(directory.resolve("image"), MIB)) {
      int fd = NativeIo.open(loop.path(), NativeIo.O_RDWR | NativeIo.O_EXCL);
      try {
        assertRefused(loop.path(), MIB, FORCE).hasMessageContaining("in use");
      } finally {
        NativeIo.close(fd);
      }
    }
  }

  @Test
  void aDeviceWithAFileSystemNeedsForceAndIsLeftUntouched() throws Exception {
    Command.assumeRootAnd("mkfs.ext4");
    Path file = directory.resolve("image");
    try (LoopDevice loop = LoopDevice.ofSize(file, 8 * MIB)) {
      Command.run("mkfs.ext4", "-q", loop.path().toString());
      byte[] before = Files.readAllBytes(file);
      assertRefused(loop.path(), 8 * MIB, PLAIN).hasMessageContaining("holds an ext4 file system");
      assertThat(Files.readAllBytes(file)).isEqualTo(before);
      Devices.openTarget(loop.path(), 8 * MIB, FORCE).close();
    }
  }

  @Test
  void aMountedDeviceIsRefusedEvenWithForceAndSoIsTheFileBelowIt() throws Exception {
    Command.assumeRootAnd("mkfs.ext4", "mount", "umount");
    Path mountPoint = Files.createDirectory(directory.resolve("mount point"));
    Path file = directory.resolve("image");
    try (LoopDevice loop = LoopDevice.ofSize(file, 8 * MIB)) {
      Command.run("mkfs.ext4", "-q", loop.path().toString());
      assertThat(Devices.mountedReadWrite(loop.path())).isEmpty();
      Command.run("mount", loop.path().toString(), mountPoint.toString());
      try {
        assertRefused(loop.path(), 8 * MIB, FORCE)
            .hasMessageContaining("is mounted at " + mountPoint);
        assertRefused(file, 8 * MIB, FORCE)
            .hasMessageContaining(loop.path().toString())
            .hasMessageContaining("is mounted at " + mountPoint);
        assertThat(Devices.mountedReadWrite(loop.path())).contains(mountPoint.toString());
        assertThat(Devices.mountedReadWrite(file)).contains(mountPoint.toString());
        Command.run("mount", "-o", "remount,ro", mountPoint.toString());
        assertThat(Devices.mountedReadWrite(loop.path())).isEmpty();
        assertRefused(loop.path(), 8 * MIB, FORCE).hasMessageContaining("is mounted at");
      } finally {
        Command.run("umount", mountPoint.toString());
      }
      Devices.openTarget(loop.path(), 8 * MIB, FORCE).close();
    }
  }

  @Test
  void aDiskWithAMountedPartitionIsRefused() throws Exception {
    Command.assumeRootAnd("mkfs.ext4", "mount", "umount", "addpart", "delpart");
    Path mountPoint = Files.createDirectory(directory.resolve("mount"));
    Path file = Files.write(directory.resolve("image"), partitionTable(2048, 16384));
    LoopDevice.resize(file, 16 * MIB);
    try (LoopDevice loop = LoopDevice.over(file, "--partscan")) {
      Path partition = Path.of(loop.path() + "p1");
      assertRefused(loop.path(), MIB, PLAIN).hasMessageContaining("partition table (MBR)");
      if (!Files.exists(partition)) {
        // The kernel cannot read the table by itself.
        Command.run("addpart", loop.path().toString(), "1", "2048", "16384");
      }
      Command.run("mkfs.ext4", "-q", partition.toString());
      Command.run("mount", partition.toString(), mountPoint.toString());
      try {
        assertRefused(loop.path(), MIB, FORCE)
            .hasMessageContaining("has a partition, " + partition)
            .hasMessageContaining("is mounted at " + mountPoint);
        assertThat(Devices.mountedReadWrite(loop.path())).contains(mountPoint.toString());
      } finally {
        Command.run("umount", mountPoint.toString());
        Command.run("delpart", loop.path().toString(), "1");
      }
    }
  }

  @Test
  void aFileBelowALoopDeviceIsRefused() throws Exception {
    try (LoopDevice loop = LoopDevice.ofSize(directory.resolve("image"), MIB)) {
      assertRefused(loop.file(), MIB, FORCE).hasMessageContaining("in use by " + loop.path());
    }
  }

  private static byte[] partitionTable(int startSector, int sectors) {
    ByteBuffer table = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
    table.put(450, (byte) 0x83).putInt(454, startSector).putInt(458, sectors);
    return table.putShort(510, (short) 0xaa55).array();
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      Path path, long size, TargetOptions options) {
    return assertThatThrownBy(() -> Devices.openTarget(path, size, options))
        .isInstanceOf(TargetRefused.class)
        .hasMessageContaining(path.toString());
  }
}
