package io.blockmover.ceph.rbd.librbd;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads what librbd says of other images: parent, children, group. */
final class ImageLinks {

  /**
   * {@code rbd_linked_image_spec_t}: {@code int64_t pool_id; char *pool_name, *pool_namespace,
   * *image_id, *image_name; bool trash}.
   */
  private static final long LINK_BYTES = 48;

  /** {@code rbd_snap_spec_t}: {@code uint64_t id; int namespace_type; char *name}. */
  private static final long SNAPSHOT_BYTES = 24;

  /** {@code rbd_image_watcher_t}: {@code char *addr; int64_t id; uint64_t cookie}. */
  private static final long WATCHER_BYTES = 24;

  private static final int FIRST_ENTRIES = 32;

  private final Librbd rbd;
  private final String image;

  ImageLinks(Librbd rbd, String image) {
    this.rbd = rbd;
    this.image = image;
  }

  Optional<ParentSnapshot> parent(long pointer) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment link = arena.allocate(LINK_BYTES, Long.BYTES);
      MemorySegment snapshot = arena.allocate(SNAPSHOT_BYTES, Long.BYTES);
      int result = rbd.parent.callInt(pointer, link.address(), snapshot.address());
      if (-result == CephErrno.GONE.number()) {
        return Optional.empty();
      }
      if (result < 0) {
        throw rbd.parent.failure(image, result);
      }
      try {
        MemorySegment overlap = arena.allocate(JAVA_LONG);
        rbd.overlap.require(image, pointer, overlap.address());
        return Optional.of(
            new ParentSnapshot(
                link(link),
                CText.word(snapshot, 0),
                CText.at(CText.word(snapshot, 16)),
                CText.word(overlap, 0)));
      } finally {
        rbd.freeLink.call(link.address());
        rbd.freeSnapshotSpec.call(snapshot.address());
      }
    }
  }

  List<LinkedImage> children(long pointer) throws CephFailure {
    return all(rbd.children, rbd.freeLinks, pointer, LINK_BYTES, ImageLinks::link);
  }

  List<ImageWatcher> watchers(long pointer) throws CephFailure {
    return all(
        rbd.watchers,
        rbd.freeWatchers,
        pointer,
        WATCHER_BYTES,
        watcher -> new ImageWatcher(CText.at(CText.word(watcher, 0))));
  }

  /** Asks with more and more room for structs of a size, and reads each. */
  private <T> List<T> all(
      NativeFunction ask,
      NativeFunction free,
      long pointer,
      long entryBytes,
      Function<MemorySegment, T> reader)
      throws CephFailure {
    long room = FIRST_ENTRIES;
    while (true) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment entries = arena.allocate(room * entryBytes, Long.BYTES);
        MemorySegment count = arena.allocateFrom(JAVA_LONG, room);
        int result = ask.callInt(pointer, entries.address(), count.address());
        if (-result == CephErrno.BUFFER_TOO_SMALL.number()) {
          room = Math.max(room * 2, CText.word(count, 0));
          continue;
        }
        if (result < 0) {
          throw ask.failure(image, result);
        }
        long found = CText.word(count, 0);
        try {
          List<T> read = new ArrayList<>();
          for (long i = 0; i < found; i++) {
            read.add(reader.apply(entries.asSlice(i * entryBytes, entryBytes)));
          }
          return read;
        } finally {
          free.call(entries.address(), found);
        }
      }
    }
  }

  private static LinkedImage link(MemorySegment link) {
    return new LinkedImage(
        CText.word(link, 0),
        CText.at(CText.word(link, 8)),
        CText.at(CText.word(link, 16)),
        CText.at(CText.word(link, 24)),
        CText.at(CText.word(link, 32)),
        link.get(JAVA_BYTE, 40) != 0);
  }

  /** The group an image belongs to, by name. */
  Optional<String> group(long pointer) throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      // rbd_group_info_t: char *name; int64_t pool
      MemorySegment group = arena.allocate(16, Long.BYTES);
      rbd.group.require(image, pointer, group.address(), group.byteSize());
      String name = CText.at(CText.word(group, 0));
      rbd.freeGroup.call(group.address(), group.byteSize());
      return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }
  }
}
