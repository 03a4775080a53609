package io.blockmover.kubernetes.exposure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Names a process, so that another one on the same machine can tell for certain that it is gone:
 * the boot, the namespace of process ids, the id, and when it began. Linux only.
 */
final class ProcessMark {

  /** On a Lease: the process that holds it. */
  static final String ANNOTATION = "blockmover.io/process";

  private static final Path PROC = Path.of("/proc");

  /** Of what follows the command in {@code stat}: state, and when it began. */
  private static final int STATE = 0;

  private static final int BEGAN = 19;

  private ProcessMark() {}

  /** The mark of a process of this namespace; empty where there is no such thing. */
  static Optional<String> of(long pid) {
    try {
      return Optional.of(String.join("/", here(), String.valueOf(pid), stat(pid)[BEGAN]));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static String here() throws IOException {
    String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
    return boot + "/" + Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
  }

  private static String[] stat(long pid) throws IOException {
    String stat = Files.readString(PROC.resolve(String.valueOf(pid)).resolve("stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
  }

  /** Whether it ran here, and does so no more. Of processes elsewhere nothing is known. */
  static boolean isGone(String mark) {
    String[] parts = mark.split("/", -1);
    if (parts.length != 4 || !isHere(parts[0] + "/" + parts[1])) {
      return false;
    }
    try {
      String[] stat = stat(Long.parseLong(parts[2]));
      return !stat[BEGAN].equals(parts[3]) || stat[STATE].equals("Z");
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static boolean isHere(String place) {
    try {
      return place.equals(here());
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
