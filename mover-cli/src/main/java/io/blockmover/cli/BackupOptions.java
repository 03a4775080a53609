package io.blockmover.cli;

import io.blockmover.engine.backup.BackupRequest;
import io.blockmover.engine.backup.JournalPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a volume is backed up, whoever names it. */
final class BackupOptions {

  @Option(
      names = "--volume",
      paramLabel = "NAME",
      description =
          "Name of the volume. Default: the absolute path of SOURCE; of rbd: the address without"
              + " @snapshot.")
  private @Nullable String volume;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      split = ",",
      description = "A word to find the backup by; may be given several times.")
  private List<String> tags = new ArrayList<>();

  @Option(
      names = "--compression",
      paramLabel = "N",
      defaultValue = "" + BackupRequest.DEFAULT_COMPRESSION_LEVEL,
      description = "Level of zstd, from -7 (fast) to 19 (small). Default: ${DEFAULT-VALUE}.")
  private int compression;

  @Option(
      names = "--skip-bad-blocks",
      description =
          "Where the device cannot be read, store zeros, go on, list the places and exit with 3.")
  private boolean skipBadBlocks;

  @Option(
      names = "--allow-empty",
      description =
          "Back up a source without a single byte, too. Refused without: a failed command"
              + " before a pipe looks like that.")
  private boolean allowEmpty;

  @Option(
      names = "--limit-read",
      paramLabel = "RATE",
      converter = RateConverter.class,
      description = "Read at most so many bytes a second from the device.")
  private long limitRead;

  @Option(
      names = "--journal-every",
      paramLabel = "SIZE",
      converter = RateConverter.class,
      description =
          "After how much upload to write down what is durable: at most this much is sent again"
              + " after an interruption. Default: 256M. Every 10 s in any case.")
  private long journalBytes;

  @ArgGroup(exclusive = false, validate = false, heading = "%nOn Kubernetes:%n")
  private final SnapshotOptions snapshot = new SnapshotOptions();

  @Option(
      names = "--trust-tracker",
      paramLabel = "NAME",
      split = ",",
      description =
          "Ask this tracker again although it was caught leaving out a change of the volume: after"
              + " whoever makes it, or the storage driver, has mended that.")
  private List<String> trusted = new ArrayList<>();

  @Mixin private final TrackingOption tracking = new TrackingOption();

  @Mixin private final MemoryOption memory = new MemoryOption();

  /** What can be refused without asking anybody. */
  void check() throws Complaint {
    if (compression < -7 || compression > 19) {
      throw Complaint.usage("--compression " + compression + " is not from -7 to 19", "");
    }
    if (volume != null && volume.isBlank()) {
      throw Complaint.usage(
          "--volume names no volume",
          "give a name; in a script, is the variable set? Volumes of one name follow each other");
    }
    tracking.check();
    for (String name : trusted) {
      TrackingOption.requireTracker("--trust-tracker", name);
    }
    snapshot.check();
  }

  /** The same, for a command in a pod. */
  List<String> arguments() {
    List<String> all = new ArrayList<>();
    tags.forEach(tag -> Collections.addAll(all, "--tag", tag));
    trusted.forEach(name -> Collections.addAll(all, "--trust-tracker", name));
    Collections.addAll(all, "--compression", String.valueOf(compression));
    if (skipBadBlocks) {
      all.add("--skip-bad-blocks");
    }
    if (limitRead > 0) {
      Collections.addAll(all, "--limit-read", limitRead + "B");
    }
    if (journalBytes > 0) {
      Collections.addAll(all, "--journal-every", journalBytes + "B");
    }
    Collections.addAll(all, "--memory", memory.text());
    return all;
  }

  /** The name that the user gave. */
  Optional<String> volume() {
    return Optional.ofNullable(volume);
  }

  List<String> tags() {
    return tags;
  }

  int compression() {
    return compression;
  }

  boolean skipsBadBlocks() {
    return skipBadBlocks;
  }

  boolean allowsEmpty() {
    return allowEmpty;
  }

  /** Bytes per second, 0 for no limit. */
  long limitRead() {
    return limitRead;
  }

  JournalPolicy journal() {
    return journalBytes == 0 ? JournalPolicy.STANDARD : JournalPolicy.every(journalBytes);
  }

  SnapshotOptions snapshot() {
    return snapshot;
  }

  Set<String> trusted() {
    return Set.copyOf(trusted);
  }

  TrackingOption tracking() {
    return tracking;
  }

  MemoryOption memory() {
    return memory;
  }
}
