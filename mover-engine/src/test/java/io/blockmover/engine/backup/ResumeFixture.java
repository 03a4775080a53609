package io.blockmover.engine.backup;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.VersionTag;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.engine.MemoryProfile;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.journal.JournalRecord;
import io.blockmover.testkit.CrashingObjectStore;
import io.blockmover.testkit.MemoryBlockSource;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.SimulatedCrash;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Small volumes in smaller packs, so that a backup of a few pieces has many moments to die in. */
final class ResumeFixture {

  static final int CHUNK = 64 * 1024;
  static final int SIZE = 20 * CHUNK + 4096;

  /** A record as soon as another pack is durable. */
  static final JournalPolicy EAGER =
      new JournalPolicy(1, Duration.ZERO, Duration.ofDays(1), () -> 0);

  /** Two chunks a pack, and one pack at a time: each is durable before the next begins. */
  static final MemoryProfile SMALL_PACKS = new MemoryProfile(160 * 1024, 1, 1, 256, 1 << 16);

  /** Nobody knows what is durable when. */
  private static final MemoryProfile THREADS = new MemoryProfile(160 * 1024, 3, 3, 256, 1 << 16);

  final MemoryObjectStore store;
  final byte[] before;
  final byte[] content;
  final String first;

  /**
   * A repository with one backup of {@link #before}; what is backed up next is {@link #content}.
   */
  ResumeFixture(Random random) throws MoverException {
    store = new MemoryObjectStore();
    before = new byte[SIZE];
    random.nextBytes(before);
    Arrays.fill(before, 2 * CHUNK, 3 * CHUNK, (byte) 0);
    content = before.clone();
    byte[] changed = new byte[SIZE - 3 * CHUNK];
    random.nextBytes(changed);
    System.arraycopy(changed, 0, content, 3 * CHUNK, changed.length);
    System.arraycopy(before, 8 * CHUNK, content, 8 * CHUNK, 2 * CHUNK);
    Arrays.fill(content, 5 * CHUNK, 6 * CHUNK, (byte) 0);
    new BackupFixture(store, CHUNK);
    first = backUp(store, new MemoryBlockSource(before)).backup();
  }

  static MemoryBlockSource source(byte[] content, boolean immutable) {
    MemoryBlockSource live = new MemoryBlockSource(content);
    return immutable ? live.immutable("snapshot-1") : live;
  }

  static BackupReport backUp(ObjectStore store, BlockSource source) throws MoverException {
    return backup(store, source, EAGER, new Cancellation()).run();
  }

  static Backup backup(
      ObjectStore store, BlockSource source, JournalPolicy policy, Cancellation cancellation)
      throws MoverException {
    return backup(store, source, policy, cancellation, SMALL_PACKS, new Progress());
  }

  static Backup backup(
      ObjectStore store,
      BlockSource source,
      JournalPolicy policy,
      Cancellation cancellation,
      MemoryProfile memory,
      Progress progress)
      throws MoverException {
    return new Backup(
        BackupFixture.open(store),
        new BackupRequest(
            source,
            "test",
            "v",
            new SnapshotReference("test", "", "v", source.sizeBytes(), Map.of()),
            List.of(BackupFixture.fullScan(source.sizeBytes())),
            List.of(),
            1,
            true,
            "here",
            memory),
        progress,
        cancellation,
        policy);
  }

  /** Runs a backup that dies at a changing request; false if it ended before. */
  static boolean crash(ObjectStore store, BlockSource source, long fatal, boolean applied)
      throws MoverException {
    CrashingObjectStore dying = new CrashingObjectStore(store, fatal, applied);
    try {
      MemoryProfile memory = fatal % 3 == 0 ? THREADS : SMALL_PACKS;
      backup(dying, source, EAGER, new Cancellation(), memory, new Progress()).run();
      return dying.crashed(); // in what needs no success
    } catch (Error | RuntimeException e) {
      if (!dying.crashed()) {
        throw e;
      }
      return true;
    }
  }

  /** Runs a backup that dies when it has written so many journal records. */
  static void crashAfterRecords(MemoryObjectStore store, BlockSource source, int records)
      throws MoverException {
    AtomicInteger left = new AtomicInteger(records);
    ObjectStore dying =
        new ForwardingObjectStore(store) {
          @Override
          public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
            if (left.get() == 0) {
              throw new SimulatedCrash("before " + key);
            }
            VersionTag version = super.putIfAbsent(key, body);
            if (key.contains("/j-")) {
              left.decrementAndGet();
            }
            return version;
          }
        };
    try {
      backUp(dying, source);
      throw new IllegalStateException("fewer than " + records + " records were written");
    } catch (SimulatedCrash e) {
      // as intended
    }
  }

  /** The journals in the store, in order. */
  static List<String> journals(MemoryObjectStore store) {
    return store.keys("w/").stream().filter(key -> key.contains("/j-")).toList();
  }

  /** The last record in the store; null if there is none. */
  static @Nullable JournalRecord lastRecord(MemoryObjectStore store) throws MoverException {
    List<String> journals = journals(store);
    return journals.isEmpty()
        ? null
        : JournalRecord.read(BackupFixture.open(store).metadata(), journals.getLast());
  }
}
