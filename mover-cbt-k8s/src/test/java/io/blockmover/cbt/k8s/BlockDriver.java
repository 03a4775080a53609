package io.blockmover.cbt.k8s;

import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.cbt.k8s.SidecarReply.Entry;
import io.blockmover.cbt.k8s.SidecarReply.Message;
import io.blockmover.kubernetes.SnapshotAttributes;
import io.blockmover.testkit.MemoryTrackedVolume;
import io.blockmover.testkit.TrackedVolume;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A driver that compares snapshots in blocks of 4 KiB, as the well-known demo driver does: offsets
 * rounded down, at most 256 entries a message, neighbours joined inside a message at most, the
 * volume's size of today as capacity.
 */
final class BlockDriver {

  private static final int BLOCK = 4096;
  private static final int MOST = 256;

  private final boolean variable;
  private final int cutAfter;
  private final Map<String, byte[]> snapshots = new ConcurrentHashMap<>();
  private volatile @Nullable MemoryTrackedVolume live;
  private int numbers;

  /**
   * @param cutAfter after how many messages each stream breaks
   */
  BlockDriver(boolean variable, int cutAfter) {
    this.variable = variable;
    this.cutAfter = cutAfter;
  }

  SidecarReply answer(FakeSidecar.Request request) {
    byte[] target = snapshots.get(request.snapshot());
    if (target == null) {
      return SidecarReply.failing(Status.UNAVAILABLE.withDescription("no such VolumeSnapshot"));
    }
    byte[] base = {};
    if (!request.base().isEmpty()) {
      base = snapshots.get(request.base().replace("handle-", ""));
      if (base == null) {
        return SidecarReply.failing(Status.NOT_FOUND.withDescription("no such base"));
      }
    }
    int capacity = Objects.requireNonNull(live).sizeBytes();
    boolean delta = !request.base().isEmpty();
    List<Entry> changed = new ArrayList<>();
    for (int at = (int) (request.from() / BLOCK * BLOCK); at < target.length; at += BLOCK) {
      int end = Math.min(at + BLOCK, target.length);
      boolean beyond = end > base.length;
      boolean differs =
          beyond ? delta || !zero(target, at, end) : !Arrays.equals(base, at, end, target, at, end);
      if (differs) {
        changed.add(new Entry(at, BLOCK));
      }
    }
    int most = request.maxResults() == 0 ? MOST : Math.min(MOST, request.maxResults());
    List<Message> messages = new ArrayList<>();
    for (int at = 0; at < changed.size(); at += most) {
      List<Entry> entries = changed.subList(at, Math.min(changed.size(), at + most));
      messages.add(
          new Message(
              variable ? SidecarReply.VARIABLE : SidecarReply.FIXED,
              capacity,
              variable ? joined(entries) : List.copyOf(entries)));
    }
    return new SidecarReply(messages, Status.OK).cutAfter(cutAfter, Status.UNAVAILABLE);
  }

  private static boolean zero(byte[] content, int from, int to) {
    return Arrays.mismatch(content, from, to, new byte[to - from], 0, to - from) < 0;
  }

  private static List<Entry> joined(List<Entry> entries) {
    List<Entry> joined = new ArrayList<>();
    for (Entry entry : entries) {
      Entry last = joined.isEmpty() ? null : joined.getLast();
      if (last != null && last.offset() + last.size() == entry.offset()) {
        joined.set(joined.size() - 1, new Entry(last.offset(), last.size() + entry.size()));
      } else {
        joined.add(entry);
      }
    }
    return joined;
  }

  TrackedVolume createVolume(long sizeBytes) {
    MemoryTrackedVolume made =
        new MemoryTrackedVolume(sizeBytes) {
          @Override
          public SnapshotReference snapshot() {
            String name = "snap-" + ++numbers;
            snapshots.put(name, content());
            return SidecarTest.snapshot(name, sizeBytes(), numbers);
          }

          @Override
          public void delete(SnapshotReference snapshot) {
            snapshots.remove(snapshot.attributes().get(SnapshotAttributes.SNAPSHOT));
          }
        };
    live = made;
    return made;
  }
}
