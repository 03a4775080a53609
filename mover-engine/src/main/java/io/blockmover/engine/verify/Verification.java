package io.blockmover.engine.verify;

import io.blockmover.api.BackupNotFound;
import io.blockmover.api.CorruptData;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.engine.fetch.FetchTeam;
import io.blockmover.engine.fetch.HeldBackup;
import io.blockmover.engine.fetch.StoredBackup;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.engine.verify.VerifyRequest.Level;
import io.blockmover.repository.Repository;
import io.blockmover.repository.catalogue.BackupFinder;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.PackSize;
import io.blockmover.repository.pack.DataKeys;
import io.blockmover.repository.session.SessionKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The job that verifies backups. It goes on after damage, and reports all of it. */
public final class Verification {

  private static final Logger LOG = LoggerFactory.getLogger(Verification.class);
  private static final int MAX_ATTEMPTS = 5;

  private final Repository repository;
  private final VerifyRequest request;
  private final Progress progress;
  private final Cancellation cancellation;
  private final Findings findings = new Findings();
  private final VerifyTally tally = new VerifyTally();
  private final List<String> forgotten = new ArrayList<>();
  private final Set<String> heads = new HashSet<>();

  public Verification(
      Repository repository, VerifyRequest request, Progress progress, Cancellation cancellation) {
    if (request.level() == Level.DEVICE && request.device().isEmpty()) {
      throw new IllegalArgumentException("no device to compare with");
    }
    this.repository = repository;
    this.request = request;
    this.progress = progress;
    this.cancellation = cancellation;
  }

  /**
   * Runs the verification.
   *
   * @throws io.blockmover.api.Cancelled if it was told to stop
   * @throws MoverException if the store or the device fails otherwise than by damage
   */
  public VerifyReport run() throws MoverException {
    long start = System.nanoTime();
    progress.phase(Progress.Phase.CHECKING);
    DataKeys dataKeys = new DataKeys(repository.store(), repository.keys());
    StoredBackup any = anything(dataKeys);
    FetchTeam.Size size = any.teamSize(request.memory().workers(), request.memory().packBytes());
    try (FetchTeam workers =
        new FetchTeam(size, dataKeys, repository.keys(), cancellation, "verify")) {
      VerifyRun run =
          new VerifyRun(
              any, request.level(), workers, size.storedBytes(), findings, tally, progress);
      for (String backup : request.backups()) {
        try {
          check(backup, dataKeys, run);
        } catch (BackupNotFound e) {
          notFound(backup);
        } catch (CorruptData e) { // of the look-up: the rest is told where it is found
          addHead(e.key(), String.valueOf(e.getMessage()));
        }
      }
    }
    progress.phase(Progress.Phase.DONE);
    return new VerifyReport(
        request.backups().size() - forgotten.size(),
        tally.objects.sum(),
        tally.chunks.sum(),
        tally.readBytes.sum(),
        findings.toList(),
        forgotten,
        Duration.ofNanos(System.nanoTime() - start));
  }

  /** Whoever asked for it knew of it: it was forgotten since, or its volume lost its HEAD. */
  private void notFound(String backup) throws MoverException {
    Optional<String> head = new MissingHead(repository.store()).of(backup);
    if (head.isPresent()) {
      addHead(head.get(), "is missing, though backups of its volume are there");
    } else {
      forgotten.add(backup);
    }
  }

  private void addHead(String key, String problem) {
    if (heads.add(key)) {
      findings.add(key, problem, "", List.of());
    }
  }

  /** No backup in particular: what all have in common, with room for the longest chunks. */
  private StoredBackup anything(DataKeys dataKeys) {
    return StoredBackup.ofNothing(repository.metadata(), dataKeys);
  }

  private void check(String backup, DataKeys dataKeys, VerifyRun run) throws MoverException {
    for (int attempt = 1; !check(backup, dataKeys, run, attempt == MAX_ATTEMPTS); attempt++) {
      LOG.info("backup {} was moved or forgotten meanwhile; it is looked at again", backup);
    }
  }

  /** False if what is missing may only have been moved: nothing is said of it then. */
  private boolean check(String backup, DataKeys dataKeys, VerifyRun run, boolean last)
      throws MoverException {
    FoundBackup found = new BackupFinder(repository).find(backup);
    try (HeldBackup held = HeldBackup.open(repository, SessionKind.VERIFY, found)) {
      tally.objects.increment();
      Manifest manifest = held.manifest();
      List<Layer> fingerprints = manifest.fingerprints();
      VerifiedBackup verified =
          new VerifiedBackup(
              held.content(dataKeys),
              fingerprints,
              manifest.usage().stream().map(PackSize::reference).toList());
      run.check(verified);
      if (request.level() == Level.DEVICE) {
        BlockSource device = request.device().orElseThrow();
        run.compare(verified, device);
      }
      if (!last && findings.has(found.row().id()) && !held.isCurrent()) {
        findings.drop(found.row().id());
        return false;
      }
    } catch (CorruptData e) {
      BackupRow row = found.row();
      List<Extent> everything =
          row.volumeBytes() == 0 ? List.of() : List.of(new Extent(0, row.volumeBytes()));
      findings.add(e.key(), String.valueOf(e.getMessage()), row.id(), everything);
    }
    return true;
  }
}
