package io.blockmover.repository;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.StoreRejected;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.StoreReport;
import io.blockmover.repository.crypto.KeySet;
import io.blockmover.repository.key.KeySlots;
import io.blockmover.repository.key.PasswordCost;
import io.blockmover.repository.probe.ConditionalWriteProbe;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes a repository. The key slot is written first and {@code format} last, each only if it is not
 * there: a crash in between leaves slots that no repository uses, and the next init succeeds.
 */
public final class RepositoryInit {

  private final ObjectStore store;
  private final Clock clock;
  private final SecureRandom random;

  /**
   * @param store with the retry layer
   */
  public RepositoryInit(ObjectStore store, Clock clock, SecureRandom random) {
    this.store = store;
    this.clock = clock;
    this.random = random;
  }

  /**
   * What a new repository is like.
   *
   * @param password null for a repository that everybody can read
   * @param chunkBytes grid of its volumes
   */
  public record Options(@Nullable String password, PasswordCost cost, int chunkBytes) {

    /** Encrypted, with the usual costs and grid. */
    public static Options withPassword(String password) {
      return new Options(password, PasswordCost.RECOMMENDED, RepositoryFormat.DEFAULT_CHUNK_BYTES);
    }
  }

  /** Tries out a store whose provider has no probe of its own. */
  public StoreReport probe() throws MoverException {
    return new ConditionalWriteProbe(store, random::nextBytes).run();
  }

  /** {@linkplain #probe() Tries the store out} and makes a repository in it. */
  public Repository create(Options options) throws MoverException {
    requireNone();
    return create(options, probe());
  }

  /**
   * Makes a repository in a store that was tried out.
   *
   * @param report of the probe; what it learned is used from now on, and kept for those who open it
   * @throws ObjectAlreadyExists if there is one; nothing was changed
   * @throws StoreRejected if the store is not safe for several writers; nothing was written
   */
  public Repository create(Options options, StoreReport report) throws MoverException {
    Randomness randomness = random::nextBytes;
    requireNone();
    requireShared(report);
    store.adopt(report.options());
    byte[] lineage = randomness.bytes(16);
    KeySet keys = KeySet.generate(lineage, random);
    String repository = randomness.name();
    Instant now = clock.instant();
    RepositoryFormat format =
        RepositoryFormat.create(
            repository,
            lineage,
            now,
            options.chunkBytes(),
            options.password() != null,
            new RepositoryFormat.StoreFindings("A", report.options()));
    KeySlots slots = new KeySlots(store, repository, randomness);
    String password = options.password();
    if (password == null) {
      slots.addOpen(keys, "init", now);
    } else {
      slots.add(keys, password, options.cost(), "init", now);
    }
    byte[] bytes = format.toBytes(keys.metadataKey());
    try {
      store.putIfAbsent(RepositoryFormat.KEY, ByteBuffer.wrap(bytes));
    } catch (ObjectAlreadyExists e) {
      if (!Arrays.equals(
          store.load(RepositoryFormat.KEY, RepositoryFormat.MAX_BYTES).bytes(), bytes)) {
        throw taken(e);
      }
    }
    return Repository.open(store, password, clock, randomness);
  }

  /**
   * Refuses a store that several writers cannot share: even a single writer has a forgotten second
   * run some day.
   *
   * @throws StoreRejected with what was found
   */
  public void requireShared(StoreReport report) throws StoreRejected {
    if (report.suitability() == StoreReport.Suitability.SHARED) {
      return;
    }
    String found =
        report.findings().stream()
            .filter(finding -> finding.level().compareTo(StoreReport.Level.WARNING) >= 0)
            .map(finding -> finding.check() + ": " + finding.text())
            .collect(Collectors.joining("; "));
    throw new StoreRejected(
        store.location() + " cannot hold a repository: " + found,
        report.suitability() == StoreReport.Suitability.UNUSABLE
            ? "put that right and run it again; `mover doctor` shows all that was tried"
            : "use a store with atomic conditional writes, If-None-Match and If-Match (AWS, Ceph"
                + " RGW, MinIO, versitygw; a directory); `mover doctor` shows all that was tried");
  }

  /**
   * Refuses a place that is taken.
   *
   * @throws ObjectAlreadyExists if there is a repository
   */
  public void requireNone() throws MoverException {
    if (store.find(RepositoryFormat.KEY).isPresent()) {
      throw taken(null);
    }
  }

  /**
   * Whether something of a repository lies here. If no {@code format} does, then it was lost: a new
   * one would have other keys, and collect all the rest as garbage.
   */
  public boolean hasRemains() throws MoverException {
    return store.list("v/", "").next().isPresent() || store.list("s/", "").next().isPresent();
  }

  /** What to tell whoever was to make a repository from nothing. */
  public CorruptData remains() {
    return new CorruptData(
            RepositoryFormat.KEY, "that of the volumes and backups that are here", "none")
        .advising(
            "put "
                + RepositoryFormat.KEY
                + " back at "
                + store.location()
                + " (an older version in the bucket, a replica), or choose another place: nothing"
                + " was written");
  }

  private ObjectAlreadyExists taken(@Nullable Throwable cause) {
    return new ObjectAlreadyExists(
        "there is a repository at " + store.location() + " already",
        "use it, or choose another place",
        cause);
  }
}
