package io.blockmover.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.repository.Repository;
import io.blockmover.repository.journal.JournalRecord;
import io.blockmover.repository.map.MapEntry;
import io.blockmover.repository.pack.ChunkLocation;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackNames;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.session.SessionObjects;
import io.blockmover.testkit.MemoryObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalWriterTest {

  private static final int CELL = 64 * 1024;

  private final MemoryObjectStore store = new MemoryObjectStore();
  private final PackNames names = new PackNames(1, 2, 3);
  private final DurablePacks durable = new DurablePacks(3);
  private final AtomicInteger sent = new AtomicInteger();
  private Repository repository;

  @BeforeEach
  void createRepository() throws Exception {
    repository = new BackupFixture(store, CELL).repository;
  }

  private JournalWriter writer(boolean immutable, long from) {
    JournalPolicy policy = new JournalPolicy(1, Duration.ZERO, Duration.ofDays(1), () -> 0);
    return new JournalWriter(
        repository.metadata(),
        names,
        durable,
        policy,
        immutable,
        sent::incrementAndGet,
        (start, end) -> "",
        from == 0 ? 0 : 7,
        from);
  }

  private static CellResult unchanged(int cell) {
    return new CellResult(
        new Extent((long) cell * CELL, CELL), List.of(), List.of(), 0, List.of(), List.of());
  }

  private static CellResult changed(int cell, PackName pack) {
    Extent extent = new Extent((long) cell * CELL, CELL);
    ChunkLocation chunk = new ChunkLocation(cell, 0, pack, 100, CELL + 16, CELL);
    return new CellResult(
        extent, List.of(new CellResult.Run(extent, chunk)), List.of(), CELL, List.of(), List.of());
  }

  @Test
  void aRecordEndsBeforeTheFirstPackThatIsNotDurable() throws Exception {
    JournalWriter writer = writer(true, 0);
    PackName first = names.next();
    PackName second = names.next();
    PackName third = names.next();
    writer.accept(unchanged(0));
    writer.accept(changed(1, first));
    writer.accept(changed(2, second));
    writer.accept(unchanged(3));
    writer.accept(changed(4, first));
    durable.add(new PackReference(first, 1000));
    durable.add(new PackReference(third, 1000));
    writer.finish();
    JournalRecord record = JournalRecord.read(repository.metadata(), key(0));
    assertThat(record.to()).isEqualTo(2 * CELL);
    assertThat(record.entries()).extracting(MapEntry::offset).containsExactly((long) CELL);
    assertThat(record.packs()).containsExactly(new PackReference(first, 1000));
    durable.add(new PackReference(second, 2000));
    writer.finish();
    JournalRecord next = JournalRecord.read(repository.metadata(), key(1));
    assertThat(next.from()).isEqualTo(2 * CELL);
    assertThat(next.to()).isEqualTo(5 * CELL);
    assertThat(next.entries()).hasSize(2);
  }

  private String key(int number) {
    return SessionObjects.journalKey(names.session(), number);
  }

  @Test
  void aContinuedJournalSaysNothingTwice() throws Exception {
    JournalWriter writer = writer(false, 2 * CELL);
    PackName pack = names.next();
    durable.add(new PackReference(pack, 1000));
    for (int cell = 0; cell < 4; cell++) {
      writer.accept(changed(cell, pack));
    }
    writer.finish();
    JournalRecord record = JournalRecord.read(repository.metadata(), key(7));
    assertThat(record.from()).isEqualTo(2 * CELL);
    assertThat(record.entries()).first().extracting(MapEntry::offset).isEqualTo(2L * CELL);
  }

  @Test
  void whatIsUnchangedIsWorthARecordOnlyIfItNeedNotBeReadAgain() throws Exception {
    JournalWriter live = writer(false, 0);
    live.accept(unchanged(0));
    live.finish();
    assertThat(live.records()).isZero();
    JournalWriter immutable = writer(true, 0);
    immutable.accept(unchanged(0));
    immutable.finish();
    assertThat(immutable.to()).isEqualTo(CELL);
  }

  @Test
  void muchThatWaitsForOnePackHasItSentAndInTheEndEndsTheJournal() throws Exception {
    JournalWriter writer = writer(true, 0);
    PackName pack = names.next();
    for (int cell = 0; cell < JournalWriter.MANY_WAITING - 1; cell++) {
      writer.accept(changed(cell, pack));
    }
    assertThat(sent).hasValue(0);
    writer.accept(changed(JournalWriter.MANY_WAITING, pack));
    assertThat(sent).hasValue(1);
    for (int cell = 1; cell <= 2 * JournalWriter.MANY_WAITING; cell++) {
      writer.accept(changed(JournalWriter.MANY_WAITING + cell, pack));
    }
    assertThat(sent).hasValue(4);
    durable.add(new PackReference(pack, 1000));
    writer.finish();
    assertThat(writer.to()).isEqualTo(2L * JournalWriter.MANY_WAITING * CELL + CELL);
  }
}
