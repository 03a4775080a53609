package io.blockmover.engine.backup;

import static io.blockmover.engine.backup.ResumeFixture.EAGER;
import static io.blockmover.engine.backup.ResumeFixture.SIZE;
import static io.blockmover.engine.backup.ResumeFixture.backUp;
import static io.blockmover.engine.backup.ResumeFixture.backup;
import static io.blockmover.engine.backup.ResumeFixture.crashAfterRecords;
import static io.blockmover.engine.backup.ResumeFixture.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.blockmover.api.Cancelled;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.VersionTag;
import io.blockmover.engine.MemoryProfile;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.Repository;
import io.blockmover.repository.journal.JournalRecord;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.session.Beat;
import io.blockmover.testkit.FaultyBlockSource;
import io.blockmover.testkit.MemoryBlockSource;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.TestSeed;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {

  private ResumeFixture fixture;
  private MemoryObjectStore store;

  @BeforeEach
  void createRepository() throws Exception {
    fixture = new ResumeFixture(TestSeed.random("journal"));
    store = fixture.store;
  }

  /** Leaves a journal of several records. */
  private JournalRecord interrupt() throws Exception {
    crashAfterRecords(store, source(fixture.content, true), 4);
    assertThat(ResumeFixture.journals(store)).hasSize(4);
    return Objects.requireNonNull(ResumeFixture.lastRecord(store));
  }

  /** Runs to the end; what was read, as an offset from which on. */
  private long finish() throws Exception {
    WatchedSource again = new WatchedSource(source(fixture.content, true));
    BackupReport report = backUp(store, again);
    assertThat(BackupFixture.of(store).restore(report.backup())).isEqualTo(fixture.content);
    return SIZE - again.bytesRead();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aDamagedRecordEndsTheJournalThere(int damaged) throws Exception {
    interrupt();
    List<String> journals = ResumeFixture.journals(store);
    long good = 0;
    if (damaged > 0) {
      good = JournalRecord.read(metadata(), journals.get(damaged - 1)).to();
    }
    store.damage(
        journals.get(damaged),
        bytes -> {
          bytes[bytes.length / 2] ^= 1;
          return bytes;
        });
    assertThat(finish()).isEqualTo(good);
    assertThat(store.keys("w/")).isEmpty();
  }

  private io.blockmover.repository.layer.MetadataStore metadata() throws MoverException {
    return BackupFixture.open(store).metadata();
  }

  @Test
  void aRecordCutShortEndsTheJournalThere() throws Exception {
    interrupt();
    store.damage(ResumeFixture.journals(store).get(0), bytes -> Arrays.copyOf(bytes, 5));
    assertThat(finish()).isZero();
  }

  @Test
  void aRecordOfAnotherPlaceEndsTheJournalThere() throws Exception {
    interrupt();
    List<String> journals = ResumeFixture.journals(store);
    byte[] second = store.load(journals.get(1), 1 << 20).bytes();
    store.damage(journals.get(0), bytes -> second);
    assertThat(finish()).isZero();
  }

  @Test
  void aRecordThatNamesAMissingPackEndsTheJournalThere() throws Exception {
    JournalRecord last = interrupt();
    store.delete(PackKind.DATA.keyOf(last.packs().getLast().name()));
    assertThat(finish()).isLessThan(last.to()).isPositive();
  }

  @Test
  void aRecordThatNamesAPackOfAnotherSizeEndsTheJournalThere() throws Exception {
    JournalRecord last = interrupt();
    store.damage(
        PackKind.DATA.keyOf(last.packs().getLast().name()),
        bytes -> Arrays.copyOf(bytes, bytes.length - 1));
    assertThat(finish()).isLessThan(last.to());
  }

  @Test
  void aDamagedBeatHindersNobody() throws Exception {
    interrupt();
    store.damage(Beat.key(session()), bytes -> Arrays.copyOf(bytes, bytes.length - 1));
    assertThat(finish()).isZero();
  }

  @Test
  void anotherSnapshotBeginsAnew() throws Exception {
    interrupt();
    MemoryBlockSource other = new MemoryBlockSource(fixture.content).immutable("snapshot-2");
    BackupReport report = backUp(store, other);
    assertThat(report.resumedBytes()).isZero();
    assertThat(other.bytesRead()).isEqualTo(SIZE);
  }

  @Test
  void aVolumeOfAnotherSizeBeginsAnew() throws Exception {
    interrupt();
    byte[] larger = Arrays.copyOf(fixture.content, SIZE + 4096);
    MemoryBlockSource source = source(larger, true);
    BackupReport report = backUp(store, source);
    assertThat(report.resumedBytes()).isZero();
    assertThat(BackupFixture.of(store).restore(report.backup())).isEqualTo(larger);
  }

  @Test
  void anotherParentBeginsAnew() throws Exception {
    interrupt();
    BackupReport between = backUp(store, new MemoryBlockSource(fixture.before));
    assertThat(between.resumedBytes()).isZero();
    assertThat(finish()).isZero();
  }

  @Test
  void whatGcCondemnedSinceTheInterruptionIsStoredAgain() throws Exception {
    interrupt();
    String session = session();
    List<String> condemned =
        store.keys("d/").stream().filter(key -> key.contains("/" + session)).toList();
    assertThat(condemned).isNotEmpty();
    String plan = "gc/1/plan-0";
    BackupFixture reader = BackupFixture.of(store);
    List<String> names =
        condemned.stream().map(key -> key.substring(key.lastIndexOf('/') + 1)).sorted().toList();
    reader.repository.documents().putIfAbsent(plan, Map.of("packs", names));
    putGcHead(0, plan);
    BackupReport report = backUp(store, source(fixture.content, true));
    assertThat(report.resumedBytes()).isPositive();
    store.deleteAll(condemned);
    assertThat(reader.restore(report.backup())).isEqualTo(fixture.content);
    BackupTest.requireExactUsage(reader, reader.manifest(report.backup()));
  }

  @Test
  void aSessionOlderThanWhatGcRemembersBeginsAnew() throws Exception {
    interrupt();
    putGcHead(1, null);
    assertThat(finish()).isZero();
  }

  private void putGcHead(long floor, String plan) throws Exception {
    Map<String, Object> head = new HashMap<>();
    head.putAll(Map.of("seq", 1, "nonce", "00", "final", floor, "floor", floor));
    head.put("lists", List.of());
    head.put("plan", plan);
    BackupFixture.open(store).documents().putIfAbsent("gc/HEAD", head);
  }

  private String session() {
    return ResumeFixture.journals(store).getFirst().split("/", -1)[1];
  }

  @Test
  void aProcessThatLivesKeepsItsSession() throws Exception {
    interrupt();
    setPid(session(), ProcessHandle.current().parent().orElseThrow().pid());
    assertThat(finish()).isZero();
  }

  @Test
  void aProcessThatIsGoneLeavesItsSession() throws Exception {
    JournalRecord last = interrupt();
    setPid(session(), Integer.MAX_VALUE);
    assertThat(finish()).isEqualTo(last.to());
  }

  private void setPid(String session, long pid) throws Exception {
    Repository repository = BackupFixture.open(store);
    Beat old = repository.documents().load(Beat.key(session), Beat.class);
    repository
        .documents()
        .put(
            Beat.key(session),
            new Beat(
                old.version(),
                old.kind(),
                old.vol(),
                old.volume(),
                old.host(),
                pid,
                old.program(),
                old.started(),
                old.pins(),
                old.base(),
                old.backup(),
                old.run(),
                old.source(),
                old.journal(),
                old.doubt()));
  }

  @Test
  void aSmallBackupWritesNoJournal() throws Exception {
    List<String> puts = new ArrayList<>();
    backup(
            refusing(
                key -> {
                  puts.add(key);
                  return false;
                }),
            source(fixture.content, true),
            JournalPolicy.STANDARD,
            new Cancellation())
        .run();
    assertThat(puts).noneMatch(key -> key.contains("/j-")).isNotEmpty();
  }

  @Test
  void aJournalThatCannotBeWrittenDoesNotFailTheBackup() throws Exception {
    BackupReport report =
        backUp(refusing(key -> key.contains("/j-")), source(fixture.content, true));
    assertThat(BackupFixture.of(store).restore(report.backup())).isEqualTo(fixture.content);
    assertThat(store.keys("w/")).isEmpty();
  }

  @Test
  void aStoreThatFailsLeavesTheJournalForTheNextRun() throws Exception {
    AtomicLong packs = new AtomicLong();
    assertThatExceptionOfType(StoreUnavailable.class)
        .isThrownBy(
            () ->
                backUp(
                    refusing(key -> key.startsWith("d/") && packs.incrementAndGet() > 6),
                    source(fixture.content, true)));
    JournalRecord last = Objects.requireNonNull(ResumeFixture.lastRecord(store));
    assertThat(finish()).isEqualTo(last.to());
    assertThat(store.keys("w/")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCancelledBackupSaysWhatIsDurableAndIsContinued(boolean immutable) throws Exception {
    Cancellation cancellation = new Cancellation();
    WatchedSource source =
        new WatchedSource(source(fixture.content, immutable), 12, cancellation::request);
    Backup backup = backup(store, source, JournalPolicy.STANDARD, cancellation);
    Cancelled cancelled = catchThrowableOfType(Cancelled.class, backup::run);
    JournalRecord last = Objects.requireNonNull(ResumeFixture.lastRecord(store));
    assertThat(cancelled).hasMessageContaining(last.to() + " of " + SIZE + " bytes");
    assertThat(cancelled.advice()).contains("again");
    Progress progress = new Progress();
    BackupReport report =
        backup(
                store,
                source(fixture.content, immutable),
                EAGER,
                new Cancellation(),
                ResumeFixture.SMALL_PACKS,
                progress)
            .run();
    assertThat(report.readBytes()).isEqualTo(immutable ? SIZE - last.to() : SIZE);
    assertThat(report.resumedBytes()).isPositive();
    assertThat(progress.snapshot().doneBytes()).isEqualTo(SIZE);
    assertThat(store.keys("w/")).isEmpty();
  }

  @Test
  void aBackupCancelledBeforeAnythingWasStoredLeavesNothing() throws Exception {
    Cancellation cancellation = new Cancellation();
    cancellation.request();
    Backup backup = backup(store, source(fixture.content, true), EAGER, cancellation);
    assertThatExceptionOfType(Cancelled.class).isThrownBy(backup::run);
    assertThat(store.keys("w/")).isEmpty();
  }

  @Test
  void placesThatCouldNotBeReadAreTriedAgain() throws Exception {
    Extent bad = new Extent(10L * ResumeFixture.CHUNK, 4096);
    FaultyBlockSource faulty =
        new FaultyBlockSource(source(fixture.content, true)).badAt(bad, Long.MAX_VALUE);
    assertThatExceptionOfType(StoreUnavailable.class)
        .isThrownBy(
            () -> backUp(refusing(key -> key.startsWith("m/")), faulty)); // all data is there
    long to = Objects.requireNonNull(ResumeFixture.lastRecord(store)).to();
    assertThat(to).isLessThanOrEqualTo(bad.offset()).isPositive();
    assertThat(finish()).isEqualTo(to);
  }

  @Test
  void aPackThatFillsSlowlyIsSentForTheJournal() throws Exception {
    AtomicLong clock = new AtomicLong();
    JournalPolicy byTime =
        new JournalPolicy(
            Long.MAX_VALUE, Duration.ZERO, Duration.ofNanos(8), clock::incrementAndGet);
    long packs = store.keys("d/").size();
    MemoryProfile largePacks = new MemoryProfile(4 << 20, 3, 1, 256, 1 << 16);
    backup(
            store,
            source(fixture.content, true),
            byTime,
            new Cancellation(),
            largePacks,
            new Progress())
        .run();
    assertThat(store.keys("d/").size() - packs).isBetween(2L, 3L);
  }

  /** The store, but some new objects cannot be put. */
  private ForwardingObjectStore refusing(Predicate<String> refused) {
    return new ForwardingObjectStore(store) {
      @Override
      public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
        if (refused.test(key)) {
          throw new StoreUnavailable("out of order", Duration.ZERO, null);
        }
        return super.putIfAbsent(key, body);
      }
    };
  }
}
