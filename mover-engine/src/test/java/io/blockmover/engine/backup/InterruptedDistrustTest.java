package io.blockmover.engine.backup;

import static io.blockmover.engine.backup.ScriptedVolume.CELL;
import static io.blockmover.engine.backup.ScriptedVolume.PIECE;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Cancelled;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.VersionTag;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.repository.session.Beat;
import io.blockmover.testkit.FakeChangeTracker;
import io.blockmover.testkit.FakeChangeTrackerProvider;
import io.blockmover.testkit.SimulatedCrash;
import io.blockmover.testkit.TestSeed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A backup that ends after it caught a liar. The run that continues it tests nothing: it has to
 * know.
 */
@Tag("slow")
class InterruptedDistrustTest {

  private static final long LIE = 12L * CELL;

  private ScriptedVolume volume;
  private final List<Extent> told = new ArrayList<>();

  /** A volume with one backup, in which eleven pieces changed: one of them nobody will tell. */
  private void aVolumeThatChanged() throws Exception {
    volume = new ScriptedVolume(TestSeed.random("interrupted"), 20 * CELL);
    volume.backUp();
    told.clear();
    for (int cell = 0; cell < 20; cell += 2) {
      volume.write((long) cell * CELL, PIECE);
      if (cell * (long) CELL != LIE) {
        told.add(new Extent((long) cell * CELL, PIECE));
      }
    }
    volume.write(LIE + 3 * PIECE, PIECE);
  }

  private BackupReport backUp(Cancellation cancellation) throws MoverException {
    FakeChangeTracker liar = volume.truthful().withChanges("after-" + (volume.step() - 1), told);
    return volume.backUp(
        List.of(FakeChangeTrackerProvider.opening("exact", target -> liar)), cancellation);
  }

  /** By a run that believes everybody of whom it knows no better. */
  private BackupReport finish() throws MoverException {
    volume.eventfulRead = -1;
    volume.options = new TrackingOptions(0, 1, 0, Set.of());
    return backUp(new Cancellation());
  }

  /** Whether the session that was left says that a list was found wrong. */
  private boolean isDoubted() throws MoverException {
    for (String key : volume.store.keys("w/")) {
      if (key.endsWith("/beat")) {
        return volume.repository.documents().load(key, Beat.class).doubt() != null;
      }
    }
    return false;
  }

  private long dataBytes() throws MoverException {
    long bytes = 0;
    for (String key : volume.store.keys("d/")) {
      bytes += volume.store.find(key).orElseThrow().sizeBytes();
    }
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whereverItIsCancelledTheNextRunKnowsTheLiarAndUploadsNothingTwice(boolean eager)
      throws Exception {
    aVolumeThatChanged();
    backUp(new Cancellation());
    long uninterrupted = dataBytes();
    int doubted = 0;
    int resumed = 0;
    int secondPass = 0;
    for (int read = 2; read < 80; read += 3) {
      aVolumeThatChanged();
      volume.journal = eager ? ResumeFixture.EAGER : JournalPolicy.STANDARD;
      Cancellation cancellation = new Cancellation();
      volume.eventfulRead = read;
      volume.beforeEventfulRead = cancellation::request;
      try {
        backUp(cancellation);
        continue;
      } catch (Cancelled e) {
        if (!isDoubted()) {
          continue; // nothing was found yet
        }
        assertThat(e.advice()).doesNotContain("it continues there");
      }
      secondPass += volume.source.bytesRead() > volume.content.length ? 1 : 0;
      BackupReport report = finish();
      assertThat(report.steps()).first().asString().contains("distrusted for this volume");
      assertThat(report.distrusted()).hasSize(1);
      assertThat(volume.holds(report)).as("cancelled at read " + read).isTrue();
      BackupTest.requireExactUsage(volume.fixture, volume.manifest(report));
      assertThat(volume.store.keys("w/")).isEmpty();
      doubted++;
      resumed += report.resumedBytes() > 0 ? 1 : 0;
      assertThat(dataBytes()).as("nothing twice").isLessThan(uninterrupted + PIECE);
    }
    assertThat(doubted).isGreaterThan(3);
    assertThat(resumed).isPositive();
    assertThat(secondPass).isPositive();
  }

  @Test
  void aRunThatDiesRightAfterItCaughtALiarLeavesThatKnowledge() throws Exception {
    aVolumeThatChanged();
    boolean[] written = {false};
    volume.repository =
        BackupFixture.open(
            new ForwardingObjectStore(volume.store) {
              private int beats;

              @Override
              public VersionTag put(String key, ByteBuffer body) throws MoverException {
                VersionTag tag = super.put(key, body);
                beats += key.endsWith("/beat") ? 1 : 0;
                written[0] = beats == 2;
                return tag;
              }

              @Override
              public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
                if (written[0]) {
                  throw new SimulatedCrash("before " + key);
                }
                return super.putIfAbsent(key, body);
              }
            });
    try {
      backUp(new Cancellation());
      throw new IllegalStateException("it caught nobody");
    } catch (SimulatedCrash e) {
      assertThat(isDoubted()).isTrue();
    }
    volume.repository = volume.fixture.repository;
    BackupReport report = finish();
    assertThat(report.distrusted()).hasSize(1);
    assertThat(report.steps()).first().asString().contains("distrusted for this volume");
    assertThat(volume.holds(report)).isTrue();
  }
}
