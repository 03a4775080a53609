package io.blockmover.ceph.rbd.librbd;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads the snapshots of an image, those of all namespaces. */
final class SnapshotList {

  /** {@code rbd_snap_info_t}: {@code uint64_t id, size; const char *name}. */
  private static final long ENTRY_BYTES = 24;

  private static final int FIRST_ENTRIES = 64;

  private final Librbd rbd;
  private final String image;

  SnapshotList(Librbd rbd, String image) {
    this.rbd = rbd;
    this.image = image;
  }

  List<ImageSnapshot> read(long pointer) throws CephFailure {
    int room = FIRST_ENTRIES;
    while (true) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment entries = arena.allocate(room * ENTRY_BYTES, Long.BYTES);
        MemorySegment max = arena.allocateFrom(JAVA_INT, room);
        int count = rbd.snapshots.callInt(pointer, entries.address(), max.address());
        if (-count == CephErrno.BUFFER_TOO_SMALL.number()) {
          room = Math.max(room * 2, max.get(JAVA_INT, 0));
          continue;
        }
        if (count < 0) {
          throw rbd.snapshots.failure(image, count);
        }
        try {
          return entries(pointer, entries, count);
        } finally {
          rbd.freeSnapshots.call(entries.address());
        }
      }
    }
  }

  private List<ImageSnapshot> entries(long pointer, MemorySegment entries, int count)
      throws CephFailure {
    List<ImageSnapshot> snapshots = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long at = i * ENTRY_BYTES;
      long id = CText.word(entries, at);
      try {
        snapshots.add(
            new ImageSnapshot(
                id,
                CText.at(CText.word(entries, at + 16)),
                CText.word(entries, at + 8),
                kind(pointer, id),
                created(pointer, id)));
      } catch (CephFailure e) {
        // An image that is open for writing forgets removed snapshots between two calls.
        if (e.errno() != CephErrno.GONE) {
          throw e;
        }
      }
    }
    return snapshots;
  }

  private Instant created(long pointer, long id) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(16, Long.BYTES);
      rbd.snapshotTime.require(image, pointer, id, time.address());
      return Instant.ofEpochSecond(CText.word(time, 0), CText.word(time, 8));
    }
  }

  private SnapshotKind kind(long pointer, long snapshot) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment type = arena.allocate(JAVA_INT);
      rbd.snapshotKind.require(image, pointer, snapshot, type.address());
      return switch (type.get(JAVA_INT, 0)) {
        case 0 -> new SnapshotKind.User();
        case 1 -> groupSnapshot(pointer, snapshot, arena);
        case 2 ->
            new SnapshotKind.Trash(
                CText.filled(
                    rbd.trashedSnapshot,
                    image,
                    (buffer, size) ->
                        rbd.trashedSnapshot.callInt(pointer, snapshot, buffer, size)));
        case 3 -> new SnapshotKind.Mirror();
        default -> new SnapshotKind.Other(type.get(JAVA_INT, 0));
      };
    }
  }

  private SnapshotKind groupSnapshot(long pointer, long snapshot, Arena arena) throws CephFailure {
    // rbd_snap_group_namespace_t: int64_t group_pool; char *group_name, *group_snap_name
    MemorySegment group = arena.allocate(24, Long.BYTES);
    rbd.groupSnapshot.require(image, pointer, snapshot, group.address(), group.byteSize());
    SnapshotKind kind =
        new SnapshotKind.Group(
            CText.word(group, 0), CText.at(CText.word(group, 8)), CText.at(CText.word(group, 16)));
    rbd.freeGroupSnapshot.call(group.address(), group.byteSize());
    return kind;
  }
}
