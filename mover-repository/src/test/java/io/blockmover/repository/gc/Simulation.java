package io.blockmover.repository.gc;

import io.blockmover.api.BackupNotFound;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.StoreProperties;
import io.blockmover.repository.Parallel;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.Forget;
import io.blockmover.repository.commit.ReadLease;
import io.blockmover.repository.commit.Scene;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadStore;
import io.blockmover.repository.index.IndexRules;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.PackSize;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.session.SessionKind;
import io.blockmover.repository.usage.UsageReader;
import io.blockmover.repository.usage.UsageRow;
import io.blockmover.testkit.MemoryObjectStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * Writers, readers, a forgetter and collections on one repository, on a schedule drawn from a seed;
 * the classes of production, and no double but the store. After every change every committed backup
 * must be whole; when all have ended or died, the last collection must leave nothing behind.
 */
final class Simulation {

  private static final List<String> VOLUMES =
      List.of("one/claim@uid", "two/claim@uid", "new/claim@uid");
  private static final int CHUNKS = 6;
  private static final int CHUNKS_PER_PACK = 3;

  /** What is wrong with the actors, for tests of the test. */
  record Variant(
      UnaryOperator<ObjectStore> collector,
      UnaryOperator<ObjectStore> writer,
      UnaryOperator<ObjectStore> reader,
      UnaryOperator<ObjectStore> forgetter,
      SmallBackups.Rules rules) {

    static final Variant SOUND =
        new Variant(
            UnaryOperator.identity(),
            UnaryOperator.identity(),
            UnaryOperator.identity(),
            UnaryOperator.identity(),
            SmallBackups::protocol);

    static Variant collector(UnaryOperator<ObjectStore> store) {
      return new Variant(store, SOUND.writer, SOUND.reader, SOUND.forgetter, SOUND.rules);
    }

    static Variant writer(UnaryOperator<ObjectStore> store) {
      return new Variant(SOUND.collector, store, SOUND.reader, SOUND.forgetter, SOUND.rules);
    }

    static Variant reader(UnaryOperator<ObjectStore> store) {
      return new Variant(SOUND.collector, SOUND.writer, store, SOUND.forgetter, SOUND.rules);
    }

    static Variant forgetter(UnaryOperator<ObjectStore> store) {
      return new Variant(SOUND.collector, SOUND.writer, SOUND.reader, store, SOUND.rules);
    }

    static Variant index() {
      return new Variant(
          SOUND.collector,
          SOUND.writer,
          SOUND.reader,
          SOUND.forgetter,
          (repository, segments) -> IndexRules.withoutCollection());
    }
  }

  private final long seed;
  private final Random random;
  private final Variant variant;
  private final MemoryObjectStore memory;
  private final boolean clockLies;
  private boolean impatient;
  private final Set<String> failed = new HashSet<>();
  private int committed;
  private int repacked;

  Simulation(long seed, Variant variant) {
    this.seed = seed;
    this.random = new Random(seed);
    this.variant = variant;
    this.clockLies = random.nextInt(4) == 0;
    Random jumps = new Random(seed);
    AtomicLong ticks = new AtomicLong();
    this.memory =
        new MemoryObjectStore(
            new StoreProperties(16, true, true, true),
            () ->
                Instant.ofEpochMilli(ticks.incrementAndGet())
                    .plus(Duration.ofHours(clockLies ? jumps.nextInt(100) : 0)));
  }

  /**
   * Runs it.
   *
   * @return how many requests were scheduled
   */
  int run() throws Exception {
    SecureRandom keys = SecureRandom.getInstance("SHA1PRNG");
    keys.setSeed(seed);
    Scene.create(memory, keys);
    Repository raw = Scene.through(memory, new Random(seed));
    BrokenStores.KEYS.set(new BrokenStores.Keys(memory));
    StoredState stored = new StoredState(memory);
    SmallBackups first = new SmallBackups(raw, SmallBackups::protocol, CHUNKS_PER_PACK);
    for (String volume : VOLUMES.subList(0, 2)) {
      first.backUp(volume, chunks());
    }
    Schedule schedule = new Schedule(memory, random, random.nextBoolean() ? 0 : 0.02);
    int writers = 2 + random.nextInt(2);
    for (int i = 0; i < writers; i++) {
      int backups = 1 + random.nextInt(3);
      Random own = new Random(random.nextLong());
      schedule.add("writer " + i, store -> write(store, own, backups));
    }
    impatient = random.nextBoolean();
    int collectors = 1 + random.nextInt(2);
    for (int i = 0; i < collectors; i++) {
      int runs = 2 + random.nextInt(3);
      Random own = new Random(random.nextLong());
      schedule.add("gc " + i, store -> collect(store, own, runs));
    }
    int times = 2 + random.nextInt(4);
    Random forgetting = new Random(random.nextLong());
    schedule.add("forget", store -> forget(store, forgetting, times));
    Random reading = new Random(random.nextLong());
    schedule.add("reader", store -> read(store, reading));
    try {
      schedule.run(
          () -> {
            stored.requireEveryBackupWhole();
            requireNoneThatFailed(stored);
          });
      settle(raw, stored);
    } catch (Exception | AssertionError e) {
      throw new AssertionError(
          "seed " + seed + " after " + schedule.steps() + " steps:\n" + schedule.trace(), e);
    }
    return schedule.steps();
  }

  /** What was said to have failed must never be there. */
  private void requireNoneThatFailed(StoredState stored) throws MoverException {
    if (!failed.isEmpty()) {
      for (String id : stored.backups()) {
        if (failed.contains(id)) {
          throw new AssertionError("backup " + id + " is there, and was said to have failed");
        }
      }
    }
  }

  /** How many backups were committed by the actors, by their own account. */
  int committed() {
    return committed;
  }

  /** How many manifests took the place of others, as far as anybody lived to tell. */
  int repacked() {
    return repacked;
  }

  /** All are dead or done: what is left of them goes, and whoever comes can work. */
  private void settle(Repository raw, StoredState stored) throws MoverException {
    for (int i = 0; i < 2; i++) {
      new GarbageCollection(
              raw,
              Scene.HOST,
              CollectionScene.IMPATIENT,
              limits(random),
              GcWatch.NONE,
              Parallel.NONE)
          .run();
      stored.requireEveryBackupWhole();
    }
    if (!clockLies) {
      stored.requireNothingLeft();
    }
    String id = new SmallBackups(raw).backUp(VOLUMES.getFirst(), chunks());
    if (!stored.backups().contains(id)) {
      throw new AssertionError("a backup alone did not succeed");
    }
    stored.requireEveryBackupWhole();
    stored.requireEveryBackupReadable();
  }

  private List<Integer> chunks() {
    return chunks(random);
  }

  private static List<Integer> chunks(Random random) {
    List<Integer> chunks = new ArrayList<>();
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      if (random.nextInt(3) == 0) {
        chunks.add(chunk);
      }
    }
    return chunks;
  }

  private static GcLimits limits(Random random) {
    return new GcLimits(
        1 + random.nextInt(20),
        1 + random.nextInt(8),
        1 + random.nextInt(3),
        Duration.ZERO,
        random.nextInt(3),
        random.nextBoolean() ? 1 << 10 : 4 << 20,
        4 << 10);
  }

  private void write(ObjectStore store, Random own, int backups) throws Exception {
    for (int i = 0; i < backups; i++) {
      // A new process: what a broken one remembers ends with it.
      Repository repository = Scene.through(variant.writer().apply(store), own);
      SmallBackups small = new SmallBackups(repository, variant.rules(), CHUNKS_PER_PACK);
      try {
        small.backUp(VOLUMES.get(own.nextInt(VOLUMES.size())), chunks(own));
        committed++;
      } finally {
        failed.addAll(small.failed());
      }
    }
  }

  private void collect(ObjectStore store, Random own, int runs) throws Exception {
    for (int i = 0; i < runs; i++) {
      Repository repository = Scene.through(variant.collector().apply(store), own);
      GcOptions options =
          impatient && own.nextInt(3) > 0 ? CollectionScene.IMPATIENT : GcOptions.DEFAULT;
      try {
        GcReport report =
            new GarbageCollection(
                    repository, Scene.HOST, options, limits(own), GcWatch.NONE, Parallel.NONE)
                .run();
        repacked += report.repacked().backups();
      } catch (io.blockmover.api.ConditionFailed busy) {
        // The other one does the work.
      }
    }
  }

  private void forget(ObjectStore store, Random own, int times) throws Exception {
    Repository repository = Scene.through(variant.forgetter().apply(store), own);
    HeadStore heads = new HeadStore(repository);
    for (int i = 0; i < times; i++) {
      String volume = VOLUMES.get(own.nextInt(VOLUMES.size()));
      List<BackupRow> rows = heads.load(volume).head().backups();
      if (!rows.isEmpty()) {
        new Forget(repository).forget(volume, Set.of(rows.get(own.nextInt(rows.size())).id()));
      }
    }
  }

  /**
   * Reads slowly; forgotten meanwhile, the pin keeps all there is, if its heartbeat is believed.
   */
  private void read(ObjectStore store, Random own) throws Exception {
    Repository repository = Scene.through(variant.reader().apply(store), own);
    for (int i = 0; i < 6; i++) {
      String volume = VOLUMES.get(own.nextInt(VOLUMES.size()));
      List<BackupRow> rows = new HeadStore(repository).load(volume).head().backups();
      if (rows.isEmpty()) {
        continue;
      }
      String id = rows.get(own.nextInt(rows.size())).id();
      try (ReadLease lease =
          ReadLease.open(repository, Scene.HOST, SessionKind.RESTORE, volume, id)) {
        readAll(repository, lease);
      } catch (BackupNotFound forgotten) {
        // Before it was pinned, or by somebody who did not believe the pin.
      }
    }
  }

  private void readAll(Repository repository, ReadLease lease) throws MoverException {
    Manifest manifest = lease.manifest();
    for (PackSize usage : manifest.usage()) {
      require(repository, lease, PackKind.MAP.keyOf(usage.reference().name()));
    }
    try {
      UsageReader reader =
          new UsageReader(
              repository.metadata(), manifest.usage().stream().map(PackSize::reference).toList());
      for (UsageRow row = reader.next(); row != null; row = reader.next()) {
        require(repository, lease, PackKind.DATA.keyOf(row.pack()));
      }
    } catch (ObjectNotFound e) {
      missing(lease, "usage", e);
    }
  }

  private void require(Repository repository, ReadLease lease, String key) throws MoverException {
    if (repository.store().find(key).isEmpty()) {
      missing(lease, key, new ObjectNotFound(key, ""));
    }
  }

  private void missing(ReadLease lease, String key, ObjectNotFound e) throws MoverException {
    if (!impatient && !clockLies) {
      throw new AssertionError("pinned, and gone: " + key);
    }
    try {
      lease.replacedAfterMissing(key, e);
    } catch (CorruptData damage) {
      throw new AssertionError("listed, and gone: " + key, damage);
    }
  }
}
