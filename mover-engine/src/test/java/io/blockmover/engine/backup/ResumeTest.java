package io.blockmover.engine.backup;

import static io.blockmover.engine.backup.ResumeFixture.CHUNK;
import static io.blockmover.engine.backup.ResumeFixture.SIZE;
import static io.blockmover.engine.backup.ResumeFixture.backUp;
import static io.blockmover.engine.backup.ResumeFixture.crash;
import static io.blockmover.engine.backup.ResumeFixture.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.repository.journal.JournalRecord;
import io.blockmover.testkit.MemoryBlockSource;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.TestSeed;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ResumeTest {

  private static final int MAX_REQUESTS = 200;

  @Test
  void aSnapshotIsContinuedWhereverTheProcessDied() throws Exception {
    ResumeFixture fixture = new ResumeFixture(TestSeed.random("resume-immutable"));
    int resumed = 0;
    for (int fatal = 1; fatal < MAX_REQUESTS; fatal++) {
      MemoryObjectStore store = fixture.store.copy();
      if (!crash(store, source(fixture.content, true), fatal, fatal % 2 == 0)) {
        assertThat(fatal).isGreaterThan(20);
        break;
      }
      JournalRecord last = ResumeFixture.lastRecord(store);
      WatchedSource again = new WatchedSource(source(fixture.content, true));
      BackupReport report = backUp(store, again);
      requireGood(fixture, store, report, fixture.content);
      if (last != null && report.parent().equals(fixture.first)) {
        resumed++;
        assertThat(again.lowestOffset()).isGreaterThanOrEqualTo(last.to());
        assertThat(again.bytesRead()).isEqualTo(SIZE - last.to());
        assertThat(report.resumedBytes() > 0).isEqualTo(last.to() > 3 * CHUNK);
        assertThat(report.changedBytes()).isEqualTo(15 * CHUNK + 4096);
        assertThat(store.keys("w/")).isEmpty();
      }
    }
    assertThat(resumed).isGreaterThan(10);
  }

  @Test
  void aLiveVolumeIsReadAgainAndOnlyWhatIsNewIsSent() throws Exception {
    Random random = TestSeed.random("resume-live");
    ResumeFixture fixture = new ResumeFixture(random);
    int resumed = 0;
    for (int fatal = 1; fatal < MAX_REQUESTS; fatal++) {
      MemoryObjectStore store = fixture.store.copy();
      byte[] content = fixture.content.clone();
      if (!crash(store, source(content, false), fatal, fatal % 2 == 0)) {
        break;
      }
      content[random.nextInt(10 * CHUNK, SIZE)] ^= 1;
      content[4 * CHUNK + random.nextInt(CHUNK)] ^= 1;
      int journals = ResumeFixture.journals(store).size();
      WatchedSource again = new WatchedSource(source(content, false));
      BackupReport report = backUp(store, again);
      requireGood(fixture, store, report, content);
      assertThat(again.bytesRead()).isEqualTo(SIZE);
      if (journals > 1 && report.parent().equals(fixture.first)) {
        resumed++;
        assertThat(report.resumedBytes()).isPositive();
        assertThat(report.newChunkBytes() + report.resumedBytes())
            .isLessThanOrEqualTo(report.changedBytes());
        assertThat(store.keys("w/")).isEmpty();
      }
    }
    assertThat(resumed).isGreaterThan(5);
  }

  @Tag("slow")
  @Test
  void aBackupMayBeInterruptedAgainAndAgain() throws Exception {
    Random random = TestSeed.random("resume-twice");
    ResumeFixture fixture = new ResumeFixture(random);
    for (int round = 0; round < 30; round++) {
      boolean immutable = round % 3 > 0;
      MemoryObjectStore store = fixture.store.copy();
      byte[] content = fixture.content.clone();
      long reached = 0;
      int interruptions = 2 + random.nextInt(3);
      for (int i = 0; i < interruptions; i++) {
        crash(store, source(content, immutable), 3 + random.nextInt(12), random.nextBoolean());
        JournalRecord last = ResumeFixture.lastRecord(store);
        if (last != null) {
          assertThat(last.to()).isGreaterThanOrEqualTo(reached);
          reached = last.to();
        }
        if (!immutable) {
          content[random.nextInt(SIZE)] ^= 1;
        }
      }
      WatchedSource again = new WatchedSource(source(content, immutable));
      BackupReport report = backUp(store, again);
      requireGood(fixture, store, report, content);
      if (report.parent().equals(fixture.first)) {
        assertThat(again.bytesRead()).isEqualTo(immutable ? SIZE - reached : SIZE);
        assertThat(ResumeFixture.journals(store)).isEmpty();
      }
    }
  }

  private static void requireGood(
      ResumeFixture fixture, MemoryObjectStore store, BackupReport report, byte[] content)
      throws Exception {
    BackupFixture reader = BackupFixture.of(store);
    assertThat(reader.restore(report.backup())).isEqualTo(content);
    assertThat(reader.restore(fixture.first)).isEqualTo(fixture.before);
    BackupTest.requireExactUsage(reader, reader.manifest(report.backup()));
    // What was interrupted and continued is found by others as if nothing had happened.
    MemoryBlockSource copy = new MemoryBlockSource(content);
    BackupReport next = backUp(store, copy);
    assertThat(next.changedBytes()).isZero();
    assertThat(reader.restore(next.backup())).isEqualTo(content);
  }
}
