package io.blockmover.repository.commit;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.Repository;
import io.blockmover.repository.RepositoryFormat;
import io.blockmover.repository.RepositoryInit;
import io.blockmover.repository.gc.GcHead;
import io.blockmover.repository.gc.PackList;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadState;
import io.blockmover.repository.head.HeadStore;
import io.blockmover.repository.key.PasswordCost;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.SourceRecord;
import io.blockmover.repository.manifest.TrackerRecord;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.session.SessionHost;
import io.blockmover.testkit.MemoryObjectStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A repository in memory, and hands that do what other actors would. */
public final class Scene {

  public static final String VOLUME = "namespace/claim@uid";

  private static final ScheduledExecutorService SCHEDULER =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  public static final SessionHost HOST =
      new SessionHost("host", 1, "test", SCHEDULER, Duration.ofDays(1));

  public final MemoryObjectStore memory;
  public final Repository repository;

  public Scene() throws MoverException {
    this.memory = new MemoryObjectStore();
    this.repository = create(memory);
  }

  /** A new repository. */
  public static Repository create(MemoryObjectStore memory) throws MoverException {
    return create(memory, new SecureRandom());
  }

  /** A new repository whose keys are drawn from this source. */
  public static Repository create(MemoryObjectStore memory, SecureRandom random)
      throws MoverException {
    return new RepositoryInit(memory, Clock.systemUTC(), random)
        .create(
            new RepositoryInit.Options(
                null, PasswordCost.RECOMMENDED, RepositoryFormat.DEFAULT_CHUNK_BYTES));
  }

  public static Repository through(ObjectStore store) throws MoverException {
    return Repository.open(store, null, Clock.systemUTC(), Randomness.secure());
  }

  /** With names that a seed repeats. */
  public static Repository through(ObjectStore store, Random names) throws MoverException {
    return Repository.open(store, null, Clock.systemUTC(), names::nextBytes);
  }

  public static SessionRequest request(String volume) {
    return new SessionRequest(volume, ParentChoice.LATEST, 1 << 20, 512 << 10, "snap-1", null);
  }

  public static BackupSession begin(Repository repository) throws MoverException {
    return BackupSession.begin(repository, HOST, request(VOLUME));
  }

  public static ManifestDraft draft(
      Repository repository, BackupSession session, PackName... packs) {
    Manifest manifest =
        new Manifest(
            1,
            List.of(),
            session.backupId(),
            session.volume(),
            session.id(),
            -1,
            session.terms().parent(),
            1 << 20,
            512 << 10,
            64 << 10,
            session.started(),
            repository.clock().instant(),
            "host",
            "test",
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            new TrackerRecord("full-scan", "CANDIDATE", null, null, List.of()),
            new SourceRecord("file", "/image", null),
            List.of("tag"),
            List.of(),
            Map.of("read", 1L));
    return new ManifestDraft(manifest, 7, NeededPacks.of(Arrays.asList(packs)));
  }

  /** A whole backup. */
  public static BackupRow backUp(Repository repository, String volume) throws MoverException {
    try (BackupSession session = BackupSession.begin(repository, HOST, request(volume))) {
      if (session.commit(draft(repository, session))
          instanceof CommitOutcome.Committed(BackupRow row)) {
        return row;
      }
      throw new IllegalStateException("not committed");
    }
  }

  public static HeadState head(Repository repository) throws MoverException {
    return new HeadStore(repository).load(VOLUME);
  }

  public static List<String> ids(Repository repository) throws MoverException {
    return new HeadStore(repository)
        .all(head(repository).head()).stream().map(BackupRow::id).toList();
  }

  /** GC's G4: publishes a plan. */
  public static void plan(Repository repository, long epoch, PackName... packs)
      throws MoverException {
    String key = "gc/" + epoch + "/plan-" + repository.random().name();
    repository.documents().put(key, list(packs));
    repository.documents().put(GcHead.KEY, new GcHead(1, "n", epoch - 1, key, List.of(), 0));
  }

  /** GC's G6: publishes a doom list. */
  public static void doom(Repository repository, long epoch, long floor, PackName... packs)
      throws MoverException {
    String key = "gc/" + epoch + "/doom-" + repository.random().name();
    repository.documents().put(key, list(packs));
    repository
        .documents()
        .put(
            GcHead.KEY,
            new GcHead(2, "n", epoch, null, List.of(new GcHead.DoomList(epoch, key)), floor));
  }

  /** GC's G2: moves a HEAD on without changing it. */
  public static void bury(Repository repository) throws MoverException {
    HeadState state = head(repository);
    if (new HeadStore(repository).swap(state, state.head()).isEmpty()) {
      throw new IllegalStateException("not buried");
    }
  }

  private static PackList list(PackName... packs) {
    return new PackList(Arrays.stream(packs).map(PackName::text).sorted().toList());
  }
}
