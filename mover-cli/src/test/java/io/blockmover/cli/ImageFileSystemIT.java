package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.testkit.TestSeed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file system on an image, through rbd-fuse and a loop device: written, frozen, snapshot, backed
 * up, restored, checked, and compared file by file. Wants root.
 */
@Tag("ceph")
class ImageFileSystemIT {

  private static final long SIZE = 96L << 20;

  @TempDir private Path directory;
  private final Random random = TestSeed.random("ImageFileSystemIT");
  private final MoverRun mover = new MoverRun();
  private final List<List<String>> undo = new ArrayList<>();
  private Path files;

  @BeforeEach
  void aRepository() {
    mover
        .variable("MOVER_REPO", directory.resolve("repo").toString())
        .variable("MOVER_PASSWORD", "secret");
    successful("init");
    files = directory.resolve("files");
  }

  @AfterEach
  void undoAll() {
    undo.reversed().forEach(ImageFileSystemIT::run);
  }

  private String successful(String... command) {
    MoverRun.Outcome outcome = mover.run(command);
    assertThat(outcome.exitCode()).as(outcome.err() + outcome.out()).isZero();
    return outcome.out();
  }

  /** What it prints; anything but success is a failure. */
  private static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("%s said %s", command, said).isZero();
      return said.strip();
    } catch (IOException e) {
      throw new AssertionError(command + " cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String run(String... command) {
    return run(List.of(command));
  }

  /** Mounts the file system of a new image on {@link #files}. */
  private void mountNew(RealImage image) throws Exception {
    Path images = Files.createDirectory(directory.resolve("images"));
    Process fuse =
        new ProcessBuilder("rbd-fuse", "-f", images.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Path file = images.resolve(image.spec().substring("rbd/".length()));
    long endBy = System.nanoTime() + 60_000_000_000L;
    while (!Files.exists(file)) {
      assertThat(fuse.isAlive() && System.nanoTime() < endBy).as("rbd-fuse shows images").isTrue();
      Thread.onSpinWait();
    }
    undo.add(List.of("umount", images.toString()));
    String loop = run("losetup", "-f", "--show", file.toString());
    undo.add(List.of("losetup", "-d", loop));
    run("mkfs.ext4", "-q", loop);
    mount(files, loop);
  }

  private void mount(Path on, String... what) throws IOException {
    Files.createDirectories(on);
    List<String> command = new ArrayList<>(List.of("mount"));
    command.addAll(List.of(what));
    command.add(on.toString());
    run(command);
    undo.add(List.of("umount", on.toString()));
  }

  private void writeFile(String name) throws IOException {
    Path file = files.resolve(name);
    Files.createDirectories(file.getParent());
    byte[] bytes = new byte[random.nextInt(200_000)];
    random.nextBytes(bytes);
    Files.write(file, bytes);
  }

  /** All files below a folder, with a digest of their content or where they point. */
  private static Map<String, String> tree(Path folder) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(path -> !path.equals(folder))
          .forEach(path -> tree.put(folder.relativize(path).toString(), content(path)));
    }
    return tree;
  }

  private static String content(Path path) {
    try {
      if (Files.isSymbolicLink(path)) {
        return "-> " + Files.readSymbolicLink(path);
      }
      return Files.isDirectory(path)
          ? "folder"
          : HexFormat.of()
              .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Takes a snapshot while nothing is written; what the files are then. */
  private Map<String, String> snapshot(RealImage image, String name) throws IOException {
    run("fsfreeze", "-f", files.toString());
    try {
      image.snapshot(name);
      return tree(files);
    } finally {
      run("fsfreeze", "-u", files.toString());
    }
  }

  private String backUp(RealImage image, String snapshot) {
    String report =
        successful(
            "backup",
            image.address() + "@" + snapshot,
            "--json",
            "--ceph-conf",
            RealImage.conf(),
            "--ceph-id",
            "mover");
    assertThat(report).contains("\"tracker\":\"ceph-rbd\"");
    return report.replaceAll("(?s).*\"backup\":\"([0-9a-f]{32})\".*", "$1");
  }

  private void assertRestored(String backup, Map<String, String> expected) throws Exception {
    Path image = directory.resolve("restored-" + backup);
    successful("restore", backup, image.toString());
    run("e2fsck", "-fn", image.toString());
    Path restored = directory.resolve("files-" + backup);
    mount(restored, "-o", "loop,ro", image.toString());
    assertThat(tree(restored)).isEqualTo(expected);
  }

  @Test
  void itsFilesAreRestoredAsTheyWereAtEachSnapshot() throws Exception {
    try (RealImage image = RealImage.ofBytes(SIZE)) {
      mountNew(image);
      for (int i = 0; i < 60; i++) {
        writeFile("folder-" + i % 7 + "/file-" + i);
      }
      Files.createSymbolicLink(files.resolve("link"), Path.of("folder-1/file-1"));
      Map<String, String> monday = snapshot(image, "monday");
      String first = backUp(image, "monday");

      for (int i = 0; i < 60; i += 5) {
        writeFile("folder-" + i % 7 + "/file-" + i);
        Files.delete(files.resolve("folder-" + (i + 1) % 7 + "/file-" + (i + 1)));
        writeFile("later/file-" + i);
      }
      Map<String, String> tuesday = snapshot(image, "tuesday");
      String second = backUp(image, "tuesday");
      assertThat(tuesday).isNotEqualTo(monday);

      assertRestored(first, monday);
      assertRestored(second, tuesday);
      undoAll();
      undo.clear();
    }
  }
}
