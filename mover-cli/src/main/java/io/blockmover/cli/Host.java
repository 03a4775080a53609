package io.blockmover.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine. */
final class Host {

  private Host() {}

  /** Its name, asked of the kernel: a look-up in the DNS may take seconds. */
  static String name() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
