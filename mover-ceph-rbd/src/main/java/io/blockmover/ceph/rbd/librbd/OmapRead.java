package io.blockmover.ceph.rbd.librbd;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads some keys of a RADOS object's map in one operation. */
final class OmapRead {

  private OmapRead() {}

  static Map<String, byte[]> of(
      Librados rados, long pool, String subject, String object, List<String> keys)
      throws CephFailure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment names = arena.allocate(JAVA_LONG, keys.size());
      MemorySegment lengths = arena.allocate(JAVA_LONG, keys.size());
      for (int i = 0; i < keys.size(); i++) {
        MemorySegment key = arena.allocateFrom(keys.get(i));
        names.setAtIndex(JAVA_LONG, i, key.address());
        lengths.setAtIndex(JAVA_LONG, i, key.byteSize() - 1);
      }
      MemorySegment iterator = arena.allocate(JAVA_LONG);
      MemorySegment result = arena.allocate(JAVA_INT);
      long operation = rados.createReadOp.call();
      try {
        rados.omapByKeys.call(
            operation,
            names.address(),
            keys.size(),
            lengths.address(),
            iterator.address(),
            result.address());
        rados.operate.require(subject, operation, pool, CText.of(arena, object), 0);
        if (result.get(JAVA_INT, 0) < 0) {
          throw rados.omapByKeys.failure(subject, result.get(JAVA_INT, 0));
        }
        return entries(rados, subject, CText.word(iterator, 0), arena);
      } finally {
        if (CText.word(iterator, 0) != 0) {
          rados.omapEnd.call(CText.word(iterator, 0));
        }
        rados.releaseReadOp.call(operation);
      }
    }
  }

  private static Map<String, byte[]> entries(
      Librados rados, String subject, long iterator, Arena arena) throws CephFailure {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    MemorySegment out = arena.allocate(JAVA_LONG, 4);
    long start = out.address();
    while (true) {
      rados.omapNext.require(subject, iterator, start, start + 8, start + 16, start + 24);
      if (CText.word(out, 0) == 0) {
        return entries;
      }
      String key =
          new String(
              CText.bytesAt(CText.word(out, 0), CText.word(out, 16)), StandardCharsets.UTF_8);
      entries.put(key, CText.bytesAt(CText.word(out, 8), CText.word(out, 24)));
    }
  }
}
