package io.blockmover.engine.fetch;

import io.blockmover.api.BackupNotFound;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.Repository;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.commit.ReadLease;
import io.blockmover.repository.head.HeadStore;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.pack.DataKeys;
import io.blockmover.repository.session.SessionHost;
import io.blockmover.repository.session.SessionKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A backup that is pinned while it is read, and says so by a heartbeat. */
public final class HeldBackup implements Relocation, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HeldBackup.class);
  private static final String PROGRAM = "blockmover";

  private final Repository repository;
  private final FoundBackup found;
  private final ScheduledExecutorService beats;
  private final ReadLease lease;

  private HeldBackup(
      Repository repository, FoundBackup found, ScheduledExecutorService beats, ReadLease lease) {
    this.repository = repository;
    this.found = found;
    this.beats = beats;
    this.lease = lease;
  }

  /**
   * Pins a backup.
   *
   * @throws BackupNotFound if it was forgotten in the meantime
   * @throws CorruptData if its manifest is damaged or missing
   */
  public static HeldBackup open(Repository repository, SessionKind kind, FoundBackup found)
      throws MoverException {
    ScheduledExecutorService beats =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("heartbeat").daemon().factory());
    try {
      SessionHost host = SessionHost.current(hostName(), PROGRAM, beats);
      ReadLease lease = ReadLease.open(repository, host, kind, found.volume(), found.row().id());
      return new HeldBackup(repository, found, beats, lease);
    } catch (MoverException | RuntimeException e) {
      beats.shutdownNow();
      throw e;
    }
  }

  /** Asked of the kernel: a look-up in the DNS may take seconds. */
  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  public Manifest manifest() {
    return lease.manifest();
  }

  /**
   * What is needed to read it.
   *
   * @param dataKeys shared by all readers of the repository
   */
  public StoredBackup content(DataKeys dataKeys) {
    Manifest manifest = manifest();
    MetadataStore metadata = repository.metadata();
    return new StoredBackup(
        metadata,
        dataKeys,
        manifest.backup(),
        manifest.volume(),
        manifest.chunkBytes(),
        map(),
        this,
        () -> new KnownPieces(metadata, manifest.fingerprints(), manifest.volumeBytes()));
  }

  /** Its map, as its manifest has it now. */
  public LayeredMap map() {
    Manifest manifest = manifest();
    return new LayeredMap(repository.metadata(), manifest.map(), manifest.volumeBytes());
  }

  @Override
  public synchronized Optional<LayeredMap> mapInsteadOf(LayeredMap known, ObjectNotFound missing)
      throws MoverException {
    if (map().layers().equals(known.layers())) {
      try {
        lease.replacedAfterMissing(String.valueOf(missing.getMessage()), missing);
      } catch (CorruptData stillTheSame) {
        return Optional.empty();
      }
      LOG.info("backup {} was moved to other packs while it was read", found.row().id());
    }
    return Optional.of(map());
  }

  /** Whether it is still listed, under the manifest that was read. */
  public boolean isCurrent() throws MoverException {
    HeadStore heads = new HeadStore(repository);
    return heads
        .find(heads.load(found.volume()), found.row().id())
        .filter(row -> row.manifest().equals(lease.row().manifest()))
        .isPresent();
  }

  /** Layers of fingerprints, oldest first. */
  public List<Layer> fingerprints() {
    return manifest().fingerprints();
  }

  /**
   * To be asked when one of its objects is missing: returns if the backup still exists, so that the
   * object is lost.
   *
   * @throws BackupNotFound if it was forgotten, and this pin taken for that of a dead session
   */
  public void requireStillThere() throws MoverException {
    HeadStore heads = new HeadStore(repository);
    Optional<?> row = heads.find(heads.load(found.volume()), found.row().id());
    if (row.isEmpty()) {
      throw new BackupNotFound(
          "backup "
              + found.row().id()
              + " was forgotten while it was read, and its objects are gone",
          "choose another backup; see `mover list`");
    }
  }

  /** Gives the pin back. */
  @Override
  public void close() {
    lease.close();
    beats.shutdownNow();
  }
}
