package io.blockmover.repository.commit;

import io.blockmover.api.BackupNotFound;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.Operation;
import io.blockmover.repository.Repository;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadStore;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.ManifestStore;
import io.blockmover.repository.session.Beat;
import io.blockmover.repository.session.Heartbeat;
import io.blockmover.repository.session.SessionHost;
import io.blockmover.repository.session.SessionKind;
import io.blockmover.repository.session.SessionObjects;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A reader of the commit protocol, R1 to R5: pins a backup, then looks again whether it is still
 * there, and keeps the pin alive. Thread-safe.
 */
public final class ReadLease implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReadLease.class);
  private static final int MAX_ATTEMPTS = 20;

  private final Repository repository;
  private final SessionHost host;
  private final SessionKind kind;
  private final String volume;
  private final String backup;
  private final String session;
  private final Instant started;
  private final HeadStore heads;
  private final ManifestStore manifests;
  private final Heartbeat heartbeat;
  private BackupRow row;
  private Manifest manifest;

  private ReadLease(
      Repository repository, SessionHost host, SessionKind kind, String volume, String backup)
      throws MoverException {
    this.repository = repository;
    this.host = host;
    this.kind = kind;
    this.volume = volume;
    this.backup = backup;
    this.session = repository.random().name();
    this.started = repository.clock().instant();
    this.heads = new HeadStore(repository);
    this.manifests = new ManifestStore(repository.documents());
    this.row = find();
    this.heartbeat = Heartbeat.start(repository.documents(), host, session, beat());
    try {
      this.manifest = settle();
    } catch (MoverException e) {
      close();
      throw e;
    }
  }

  /**
   * Pins a backup.
   *
   * @throws BackupNotFound if it does not exist, or was forgotten before the pin was there
   */
  public static ReadLease open(
      Repository repository, SessionHost host, SessionKind kind, String volume, String backup)
      throws MoverException {
    repository.require(Operation.READ);
    return new ReadLease(repository, host, kind, volume, backup);
  }

  /** What the backup consists of. */
  public synchronized Manifest manifest() {
    return manifest;
  }

  /** Its row in HEAD. */
  public synchronized BackupRow row() {
    return row;
  }

  /**
   * To be asked when an object that the manifest names is not there.
   *
   * @return whether the manifest was replaced: go on with the new one
   * @throws CorruptData if the backup still needs that object
   * @throws BackupNotFound if the backup was forgotten and this lease taken for dead
   */
  public synchronized boolean replacedAfterMissing(String key, ObjectNotFound missing)
      throws MoverException {
    BackupRow now = find();
    if (now.manifest().equals(row.manifest())) {
      throw new CorruptData(key, "an object, for backup " + backup + " needs it", "none", missing);
    }
    row = now;
    heartbeat.change(beat());
    manifest = settle();
    return true;
  }

  /** R3 and R4: the pin is there; is the backup still, and under this manifest? */
  private Manifest settle() throws MoverException {
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      BackupRow now = find();
      if (now.manifest().equals(row.manifest())) {
        try {
          return manifests.load(row);
        } catch (ObjectNotFound e) {
          if (find().manifest().equals(row.manifest())) {
            throw new CorruptData(row.manifest(), "a manifest, for HEAD names it", "nothing", e);
          }
        }
      } else {
        row = now;
        heartbeat.change(beat());
      }
    }
    throw new BackupNotFound(
        "backup " + backup + " was replaced " + MAX_ATTEMPTS + " times", "run the command again");
  }

  private BackupRow find() throws MoverException {
    Optional<BackupRow> found = heads.find(heads.load(volume), backup);
    return found.orElseThrow(
        () ->
            new BackupNotFound(
                "backup " + backup + " of volume " + volume + " does not exist, or was forgotten",
                "see `mover list`"));
  }

  private Beat beat() {
    return Beat.ofReader(
        host, kind, repository.volumeId(volume), volume, started, row.manifest(), backup);
  }

  /** R5: gives the pin back. */
  @Override
  public void close() {
    heartbeat.close();
    try {
      SessionObjects.delete(repository.store(), session);
    } catch (MoverException e) {
      LOG.warn("the pin of session {} was not removed: {}", session, e.getMessage());
    }
  }
}
