package io.blockmover.ceph.rbd.tracking;

import io.blockmover.ceph.rbd.DeltaObstacle;
import io.blockmover.ceph.rbd.librbd.DiffMode;
import io.blockmover.ceph.rbd.librbd.ImageSnapshot;
import io.blockmover.ceph.rbd.librbd.SnapshotKind;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the tracker counts. Names are listed in docs/ceph.md. */
final class DiffMeters {

  private static final String PREFIX = "mover.ceph.";

  private final MeterRegistry registry;

  DiffMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** A delta that could not be had, or not as it was wanted. */
  void fellBack(DeltaObstacle obstacle) {
    registry.counter(PREFIX + "fallbacks", "reason", obstacle.label()).increment();
  }

  /** The snapshots that an image has when it is asked, by namespace. */
  void snapshots(List<ImageSnapshot> snapshots) {
    Map<String, Integer> counts = new TreeMap<>(Map.of("user", 0, "trash", 0, "group", 0));
    snapshots.forEach(snapshot -> counts.merge(kind(snapshot.kind()), 1, Integer::sum));
    counts.forEach(
        (kind, count) -> registry.summary(PREFIX + "snapshots", "namespace", kind).record(count));
  }

  private static String kind(SnapshotKind kind) {
    return switch (kind) {
      case SnapshotKind.User _ -> "user";
      case SnapshotKind.Group _ -> "group";
      case SnapshotKind.Trash _ -> "trash";
      case SnapshotKind.Mirror _ -> "mirror";
      case SnapshotKind.Other _ -> "other";
    };
  }

  /** How deep a clone the volume is whose snapshot is asked about. */
  void cloneDepth(int depth) {
    registry.summary(PREFIX + "clone.depth").record(depth);
  }

  /** A snapshot that was cut from its volume before anybody asked about it. */
  void flattened() {
    registry.counter(PREFIX + "flattened.snapshots").increment();
  }

  /** How long before the target the base was taken. */
  void baseAge(Duration age) {
    registry.timer(PREFIX + "base.age").record(age);
  }

  /** One diff, from its first question to its end. */
  Diff diff(boolean isDelta, DiffMode mode) {
    String[] tags = {
      "kind", isDelta ? "delta" : "allocated", "mode", mode.name().toLowerCase(Locale.ROOT)
    };
    return new Diff(tags);
  }

  /** Of one diff. For one thread. */
  final class Diff {
    private final String[] tags;
    private final Timer.Sample sample = Timer.start(registry);
    private long extents;
    private long bytes;
    private boolean ended;

    private Diff(String[] tags) {
      this.tags = tags;
    }

    void told(long lengthBytes) {
      extents++;
      bytes += lengthBytes;
    }

    /** Counts once. */
    void end() {
      if (!ended) {
        ended = true;
        sample.stop(registry.timer(PREFIX + "diff", tags));
        registry.counter(PREFIX + "diff.extents", tags).increment((double) extents);
        registry.counter(PREFIX + "diff.bytes", tags).increment((double) bytes);
      }
    }
  }
}
