package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.engine.device.Devices;
import io.blockmover.testkit.Extents;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups that leave as archives and images, and come back. */
@Tag("slow")
class ExchangeCommandsTest {

  private static final int MIB = 1 << 20;
  private static final long SIZE = 600L * MIB + 5 * 512;

  @TempDir private Path directory;
  private final MoverRun mover = new MoverRun();
  private Path image;

  /** Data in the beginning, in the middle, and in the last, unaligned bytes; else holes. */
  @BeforeEach
  void backUpASparseImage() throws IOException {
    mover.variable("MOVER_REPO", directory.resolve("repo").toString());
    image = directory.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(SIZE);
      write(file, 0, 100_000);
      write(file, 530L * MIB + 3, 2 * MIB);
      write(file, SIZE - 700, 700);
    }
    run("init", "--no-encryption", "-q");
    run("backup", "-q", "--volume", "db", "--tag", "nightly", image.toString());
  }

  private static void write(RandomAccessFile file, long offset, int length) throws IOException {
    byte[] content = new byte[length];
    new Random(offset).nextBytes(content);
    file.seek(offset);
    file.write(content);
  }

  private MoverRun.Outcome run(String... arguments) {
    MoverRun.Outcome outcome = mover.run(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return outcome;
  }

  private Path exported(String name) {
    Path file = directory.resolve(name);
    run("export", "db@latest", file.toString());
    return file;
  }

  private static void same(Path file, Path expected) throws IOException {
    assertThat(Files.mismatch(file, expected)).as("first byte that differs").isEqualTo(-1);
  }

  private void emptyRepository() {
    mover.variable("MOVER_REPO", directory.resolve("other").toString());
    run("init", "--no-encryption", "-q");
  }

  @Test
  void gnuTarUnpacksAnArchiveToTheSameSparseFile() throws Exception {
    Path archive = exported("db.tar");
    assertThat(Files.size(archive)).isLessThan(4 * MIB);
    Path into = Files.createDirectory(directory.resolve("unpacked"));
    Process tar =
        new ProcessBuilder("tar", "-xf", archive.toString(), "-C", into.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
    assertThat(tar.waitFor()).isZero();
    same(into.resolve("volume.raw"), image);
    assertThat(allocated(into.resolve("volume.raw"))).isLessThan(4L * MIB);
    assertThat(into.resolve("backup.json"))
        .content()
        .contains("\"volume\":\"db\"", "\"volumeBytes\":" + SIZE, "\"nightly\"");
  }

  private static long allocated(Path file) throws MoverException {
    try (BlockSource source = Devices.openSource(file)) {
      return Extents.drain(source.allocated(new Extent(0, SIZE)).orElseThrow()).stream()
          .mapToLong(Extent::length)
          .sum();
    }
  }

  @Test
  void anArchiveBecomesABackupOfAnotherRepository() throws Exception {
    Path archive = exported("db.tar");
    emptyRepository();
    run("import", archive.toString());
    assertThat(run("list", "--json").out())
        .contains("\"volume\":\"db\"", "\"nightly\"", "imported-from=");
    Path copy = directory.resolve("copy.img");
    run("restore", "db@latest", copy.toString());
    same(copy, image);
  }

  @Test
  void archivesGoThroughPipesAndVolumesGetOtherNames() {
    byte[] archive = run("export", "latest", "-").bytes();
    emptyRepository();
    mover.input(archive);
    run("import", "-", "--volume", "copy");
    assertThat(run("list", "--json").out()).contains("\"volume\":\"copy\"");
  }

  @Test
  void aDamagedArchiveIsRefusedAndNothingIsStored() throws Exception {
    Path archive = exported("db.tar");
    byte[] bytes = Files.readAllBytes(archive);
    emptyRepository();
    bytes[bytes.length / 2] ^= 1;
    refused(Files.write(archive, bytes), "digest");
    bytes[bytes.length / 2] ^= 1;
    refused(Files.write(archive, Arrays.copyOf(bytes, bytes.length / 2)), "db.tar");
    refused(Files.write(archive, Arrays.copyOf(bytes, 100)), "db.tar");
    refused(Files.write(archive, new byte[10_000]), "backup.json");
    refused(Files.writeString(archive, "no archive at all"), "db.tar");
    assertThat(run("list", "--json").out()).contains("\"backups\":[]");
    run("import", Files.write(archive, bytes).toString());
  }

  private void refused(Path archive, String words) {
    MoverRun.Outcome outcome = mover.run("import", archive.toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(1);
    assertThat(outcome.err()).contains(words);
  }

  @Test
  void anImageForQemuHoldsTheVolumeAndCountsItsClustersRight() throws Exception {
    Path qcow2 = exported("db.qcow2");
    assertThat(Files.size(qcow2)).isLessThan(4 * MIB);
    Path raw = directory.resolve("raw");
    try (Qcow2Reader reader = new Qcow2Reader(qcow2)) {
      reader.requireSoundCounts();
      reader.copyTo(raw, SIZE);
    }
    same(raw, image);
  }

  @Test
  void aVolumeOfZerosCanBeExportedToo() throws Exception {
    Path zeros = directory.resolve("zeros.img");
    try (RandomAccessFile file = new RandomAccessFile(zeros.toFile(), "rw")) {
      file.setLength(520L * MIB);
    }
    run("backup", "-q", "--volume", "zeros", zeros.toString());
    Path qcow2 = directory.resolve("zeros.qcow2");
    run("export", "zeros@latest", qcow2.toString());
    Path raw = directory.resolve("raw");
    try (Qcow2Reader reader = new Qcow2Reader(qcow2)) {
      reader.requireSoundCounts();
      reader.copyTo(raw, 520L * MIB);
    }
    same(raw, zeros);
    byte[] archive = run("export", "zeros@latest", "-").bytes();
    emptyRepository();
    mover.input(archive);
    run("import", "-");
    Path copy = directory.resolve("copy.img");
    run("restore", "zeros@latest", copy.toString());
    same(copy, zeros);
  }

  @Test
  void rawBytesAreARestore() throws Exception {
    same(exported("db.raw"), image);
  }

  @Test
  void aFileThatIsThereIsOverwrittenOnlyIfAPersonInsists() throws Exception {
    Path file = Files.writeString(directory.resolve("db.tar"), "precious");
    MoverRun.Outcome refused = mover.run("export", "latest", file.toString());
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("exists", "--force");
    assertThat(file).hasContent("precious");
    run("export", "latest", file.toString(), "--force");
    assertThat(Files.size(file)).isGreaterThan(2 * MIB);
  }

  @Test
  void anExportThatFailsLeavesNothingBehind() throws Exception {
    try (Stream<Path> packs = Files.walk(directory.resolve("repo/d"))) {
      for (Path pack : packs.filter(Files::isRegularFile).toList()) {
        Files.delete(pack);
      }
    }
    assertThat(mover.run("export", "latest", directory.resolve("db.tar").toString()).exitCode())
        .isNotZero();
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("repo", "disk.img");
    }
  }

  @Test
  void aFullDiskBehindStandardOutputIsAnError() {
    assertThat(mover.runOntoFullDisk("export", "latest", "-").exitCode()).isEqualTo(1);
  }
}
