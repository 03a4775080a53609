package io.blockmover.cli;

import io.blockmover.kubernetes.ObjectName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which VolumeSnapshot a device was restored from. */
final class SnapshotOptions {

  @Option(
      names = "--snapshot",
      paramLabel = "NS/NAME",
      description =
          "SOURCE is the Block volume that was restored from this VolumeSnapshot: ask its driver"
              + " which parts hold data, or changed. Without SOURCE, its bytes are read where its"
              + " storage keeps them, which Ceph allows.")
  private @Nullable String snapshot;

  @Option(
      names = "--base-snapshot",
      paramLabel = "NS/NAME",
      description =
          "Insist that the last backup was made of this VolumeSnapshot. Default: whatever it was"
              + " made of.")
  private @Nullable String baseSnapshot;

  @Option(
      names = "--base-handle",
      paramLabel = "HANDLE",
      description = "The same, by the CSI handle: the VolumeSnapshot may be gone.")
  private @Nullable String baseHandle;

  /** Whether a VolumeSnapshot was named. */
  boolean isGiven() {
    return snapshot != null;
  }

  Optional<ObjectName> snapshot() throws Complaint {
    return name("--snapshot", snapshot);
  }

  Optional<ObjectName> baseSnapshot() throws Complaint {
    return name("--base-snapshot", baseSnapshot);
  }

  Optional<String> baseHandle() {
    return Optional.ofNullable(baseHandle);
  }

  /** What can be refused without asking anybody. */
  void check() throws Complaint {
    boolean based = baseSnapshot().isPresent() || baseHandle().isPresent();
    if (based && snapshot().isEmpty()) {
      throw Complaint.usage(
          "a base says nothing without a snapshot", "name the snapshot with --snapshot NS/NAME");
    }
    if (baseSnapshot().isPresent() && baseHandle().isPresent()) {
      throw Complaint.usage("--base-snapshot and --base-handle are two ways to say one thing", "");
    }
  }

  /** Reads {@code namespace/name}. */
  static Optional<ObjectName> name(String option, @Nullable String text) throws Complaint {
    if (text == null) {
      return Optional.empty();
    }
    Optional<ObjectName> name = ObjectName.parse(text);
    if (name.isEmpty()) {
      throw Complaint.usage(
          option + " " + text + " is not of the form NAMESPACE/NAME", "for example app/data");
    }
    return name;
  }
}
