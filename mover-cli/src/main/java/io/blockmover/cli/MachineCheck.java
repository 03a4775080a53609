package io.blockmover.cli;

import io.blockmover.api.store.StoreReport.Finding;
import io.blockmover.api.store.StoreReport.Level;
import io.blockmover.cli.output.Sizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What of this machine matters to a mover. */
final class MachineCheck {

  private static final long WANTED_MEMORY = 512L << 20;

  private MachineCheck() {}

  static List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (Map.Entry<String, String> detail : Version.details().entrySet()) {
      findings.add(new Finding(Level.NOTE, detail.getKey(), detail.getValue()));
    }
    int processors = Runtime.getRuntime().availableProcessors();
    findings.add(new Finding(Level.NOTE, "processors", String.valueOf(processors)));
    findings.add(aes());
    findings.add(memory());
    findings.add(spool());
    return findings;
  }

  private static Finding aes() {
    String flags = read("/proc/cpuinfo");
    boolean known = flags.contains(" aes") || flags.contains(" AES");
    return known
        ? new Finding(Level.GOOD, "encryption", "the processor has instructions for AES")
        : new Finding(Level.WARNING, "encryption", "no AES instructions: encryption will be slow");
  }

  private static Finding memory() {
    long limit = limit(read("/sys/fs/cgroup/memory.max"));
    long available = available(read("/proc/meminfo"));
    long usable = Math.min(limit, available);
    String text = Sizes.bytes(usable) + " of memory can be used";
    return usable >= WANTED_MEMORY
        ? new Finding(Level.GOOD, "memory", text)
        : new Finding(Level.WARNING, "memory", text + ": use --memory small");
  }

  private static Finding spool() {
    Path directory = Sources.spoolDirectory();
    try {
      long free = Files.getFileStore(directory).getUsableSpace();
      return new Finding(
          Level.NOTE, "temporary files", Sizes.bytes(free) + " free in " + directory);
    } catch (IOException e) {
      return new Finding(Level.WARNING, "temporary files", directory + " cannot be used: " + e);
    }
  }

  /** Of a container; without one there is no number. */
  private static long limit(String text) {
    return text.strip().matches("\\d{1,18}") ? Long.parseLong(text.strip()) : Long.MAX_VALUE;
  }

  private static long available(String text) {
    return text.lines()
        .filter(line -> line.startsWith("MemAvailable:"))
        .map(line -> line.replaceAll("\\D", ""))
        .mapToLong(number -> Long.parseLong(number) << 10)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      return "";
    }
  }
}
