package io.blockmover.cli.demo;

import io.blockmover.cli.Complaint;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A disk image as a demonstration needs it: a real file system with files where {@code mkfs.ext4}
 * is installed, else the same data without one. Sparse; about half of it holds data.
 *
 * @param kind what it holds, for the reader
 */
public record DemoImage(Path file, long sizeBytes, String kind) {

  private static final int PIECE_BYTES = 64 << 10;
  private static final long FILE_BYTES = 4L << 20;
  private static final long MIB = 1 << 20;

  /**
   * Makes one.
   *
   * @param seed equal seeds make equal data
   */
  public static DemoImage create(Path file, long sizeBytes, long seed) throws Complaint {
    try {
      Path files = Files.createDirectory(file.resolveSibling("files"));
      try {
        writeFiles(files, sizeBytes / 2, seed);
        if (makeFileSystem(file, sizeBytes, files)) {
          return new DemoImage(file, sizeBytes, "an ext4 file system with files");
        }
        concatenate(file, sizeBytes, files);
        return new DemoImage(
            file, sizeBytes, "mixed data (mkfs.ext4 is not installed: no file system)");
      } finally {
        deleteTree(files);
      }
    } catch (IOException e) {
      throw Complaint.failure(
          "the demo's image cannot be made in " + file.getParent() + ": " + e.getMessage(),
          "choose a directory with " + (2 * sizeBytes / MIB) + " MiB free: mover demo --dir DIR");
    }
  }

  /**
   * Overwrites pieces of 64 KiB here and there, as applications do.
   *
   * @return how many bytes were overwritten
   */
  public long change(double share, long seed) throws Complaint {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] piece = new byte[PIECE_BYTES];
    long pieces = sizeBytes / PIECE_BYTES;
    long count = Math.max(1, Math.round(pieces * share));
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      for (long i = 0; i < count; i++) {
        random.nextBytes(piece);
        image.seek(random.nextLong(pieces) * PIECE_BYTES);
        image.write(piece);
      }
    } catch (IOException e) {
      throw Complaint.failure(file + " cannot be changed: " + e.getMessage(), "");
    }
    return count * PIECE_BYTES;
  }

  /** A quarter text, a quarter seen before, half random: what disks hold. */
  private static void writeFiles(Path directory, long bytes, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    long size = Math.min(FILE_BYTES, bytes / 8);
    byte[] first = noise(random, (int) size);
    long number = 0;
    for (long done = 0; done < bytes * 9 / 10; done += size, number++) {
      byte[] content =
          switch ((int) (number % 4)) {
            case 0 -> first;
            case 1 -> text(random, (int) size);
            default -> noise(random, (int) size);
          };
      Files.write(directory.resolve("file-" + number), content);
    }
  }

  private static byte[] noise(SplittableRandom random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] text(SplittableRandom random, int size) {
    String[] words = {"volume", "snapshot", "claim", "pod", "node", "restored", "ready", "bound"};
    StringBuilder text = new StringBuilder(size + 32);
    while (text.length() < size) {
      text.append(words[random.nextInt(words.length)]).append(' ').append(random.nextInt(1000));
      text.append(random.nextInt(8) == 0 ? '\n' : ' ');
    }
    text.setLength(size);
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean makeFileSystem(Path file, long sizeBytes, Path files) throws IOException {
    try {
      Process process =
          new ProcessBuilder(
                  "mkfs.ext4",
                  "-q",
                  "-F",
                  "-m",
                  "0",
                  "-d",
                  files.toString(),
                  file.toString(),
                  sizeBytes / MIB + "M")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor() == 0) {
        return true;
      }
    } catch (IOException e) {
      // Not installed: the caller has another way.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(file);
    return false;
  }

  private static void concatenate(Path file, long sizeBytes, Path files) throws IOException {
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.setLength(sizeBytes);
      long offset = MIB;
      for (long number = 0; Files.exists(files.resolve("file-" + number)); number++) {
        byte[] content = Files.readAllBytes(files.resolve("file-" + number));
        image.seek(offset);
        image.write(content);
        offset += 2L * content.length;
        if (offset + content.length > sizeBytes) {
          return;
        }
      }
    }
  }

  /** Deletes a directory and all in it. */
  public static void deleteTree(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
