package io.blockmover.repository.gc;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.MoverException;
import io.blockmover.repository.Parallel;
import io.blockmover.repository.Repository;
import io.blockmover.repository.VolumeId;
import io.blockmover.repository.commit.Scene;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.VolumeHead;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.PackSize;
import io.blockmover.repository.manifest.SourceRecord;
import io.blockmover.repository.manifest.TrackerRecord;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackNames;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.usage.UsageCompaction;
import io.blockmover.repository.usage.UsageWriter;
import io.blockmover.testkit.MemoryObjectStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** 100 TiB in 3.3 million packs, 10,000 backups of 100 volumes, half of them forgotten. */
@Tag("slow")
final class LargeRepositoryTest {

  private static final int VOLUMES = Integer.getInteger("gc.volumes", 100);
  private static final int BACKUPS = 100;
  private static final int FIRST_PACKS = 16_500;
  private static final int NEW_PACKS = 167;
  private static final int LOST_PACKS = 120;

  /** The packs have no content that could be stored anew. */
  private static final GcOptions AS_THEY_ARE =
      new GcOptions(
          false,
          GcOptions.DEFAULT.silentReader(),
          GcOptions.DEFAULT.silentWriter(),
          RepackOptions.NEVER);

  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

  private final MemoryObjectStore memory = new MemoryObjectStore();
  private final GeneratedPacks store = new GeneratedPacks(memory);
  private final Repository repository;
  private final Set<PackName> needed = new HashSet<>();
  private long usedBefore;
  private long usedInTheMiddle;

  LargeRepositoryTest() throws Exception {
    Scene.create(memory);
    repository = Scene.through(store);
  }

  @Test
  @SuppressWarnings("SystemOut") // that is where a test's output is looked for
  void isCollectedInMinutesAndLittleMemory() throws Exception {
    for (int volume = 0; volume < VOLUMES; volume++) {
      backUp("volume-" + volume);
    }
    long packs = store.count();
    memory.resetRequests();
    usedBefore = used();
    long start = System.nanoTime();
    GcWatch watch =
        new GcWatch() {
          @Override
          public void check() {}

          @Override
          public void freed(long packBytes) {
            if (usedInTheMiddle == 0) {
              usedInTheMiddle = used();
            }
          }
        };
    GcReport report =
        new GarbageCollection(repository, Scene.HOST, AS_THEY_ARE, watch, Parallel.NONE).run();
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    long requests = memory.requests() + store.requests();
    System.out.printf(
        "%d packs, freed %d in %d epochs, %.1f s, %d requests, %d MiB%n",
        packs,
        report.freedPacks(),
        report.epochs(),
        time.toMillis() / 1e3,
        requests,
        (usedInTheMiddle - usedBefore) >> 20);
    assertThat(store.count()).isEqualTo(needed.size());
    assertThat(needed).allMatch(store::has);
    assertThat(report.manifests()).isEqualTo(VOLUMES * BACKUPS / 2);
    assertThat(time).isLessThan(Duration.ofMinutes(5));
    assertThat(usedInTheMiddle - usedBefore).isLessThan(512L << 20);
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** All backups of a volume; the older half is forgotten already. */
  private void backUp(String volume) throws MoverException {
    VolumeId id = repository.volumeId(volume);
    List<BackupRow> rows = new ArrayList<>();
    List<PackReference> usage = List.of();
    Deque<PackName> held = new ArrayDeque<>();
    for (int i = 0; i < BACKUPS; i++) {
      ByteBuffer session = ByteBuffer.wrap(repository.random().bytes(24));
      PackNames names = new PackNames(session.getLong(), session.getLong(), session.getLong());
      UsageWriter writer = new UsageWriter(repository.metadata(), names);
      for (int n = 0; n < (i == 0 ? 0 : LOST_PACKS); n++) {
        writer.add(held.removeFirst(), -1000);
      }
      for (int n = 0; n < (i == 0 ? FIRST_PACKS : NEW_PACKS); n++) {
        PackName pack = names.next();
        store.add(pack);
        held.addLast(pack);
        writer.add(pack, 1000);
      }
      List<PackReference> all = new ArrayList<>(usage);
      all.addAll(writer.finish());
      usage = UsageCompaction.compact(repository.metadata(), names, all);
      rows.add(commit(id, volume, names.session(), i, usage));
      if (i >= BACKUPS / 2) {
        needed.addAll(held);
      }
    }
    repository
        .documents()
        .put(
            id.headKey(),
            new VolumeHead(
                1,
                volume,
                BACKUPS + 1,
                "n",
                rows.subList(BACKUPS / 2, BACKUPS),
                null,
                0,
                List.of(),
                null));
  }

  private BackupRow commit(
      VolumeId id, String volume, String session, int base, List<PackReference> usage)
      throws MoverException {
    String backup = HexFormat.of().formatHex(repository.random().bytes(16));
    String key = "s/" + id + "/" + backup + "." + repository.random().name();
    Manifest manifest =
        new Manifest(
            Manifest.VERSION,
            List.of(),
            backup,
            volume,
            session,
            base,
            null,
            1L << 40,
            512 << 10,
            64 << 10,
            TIME,
            TIME,
            "host",
            "test",
            List.of(),
            List.of(),
            usage.stream().map(PackSize::of).toList(),
            List.of(),
            new TrackerRecord("full-scan", "CANDIDATE", null, null, List.of()),
            new SourceRecord("file", "/image", null),
            List.of(),
            List.of(),
            Map.of());
    repository.documents().put(key, manifest);
    return new BackupRow(backup, key, TIME, 1L << 40, 1, null, List.of(), 0);
  }
}
