package io.blockmover.engine.restore;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.engine.MemoryProfile;
import io.blockmover.engine.backup.Backup;
import io.blockmover.engine.backup.BackupRequest;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.engine.verify.Verification;
import io.blockmover.engine.verify.VerifyReport;
import io.blockmover.engine.verify.VerifyRequest;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.Repository;
import io.blockmover.repository.RepositoryInit;
import io.blockmover.repository.catalogue.BackupFinder;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.key.PasswordCost;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.ManifestStore;
import io.blockmover.testkit.FakeChangeTracker;
import io.blockmover.testkit.FakeChangeTrackerProvider;
import io.blockmover.testkit.MemoryBlockSource;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A repository with backups of several volumes, made by the product, and what they must hold. */
final class BackedUp {

  static final int MIB = 1 << 20;
  private static final String PASSWORD = "correct horse";
  static final MemoryProfile MEMORY = new MemoryProfile(4 * MIB, 3, 3, 1024, MIB);

  private final ObjectStore store;
  private final Random random;
  private final Map<String, byte[]> images = new LinkedHashMap<>();
  private final Map<String, String> volumes = new LinkedHashMap<>();

  BackedUp(ObjectStore store, Random random) throws MoverException {
    this.store = store;
    this.random = random;
    new RepositoryInit(store, Clock.systemUTC(), new SecureRandom())
        .create(new RepositoryInit.Options(PASSWORD, new PasswordCost(64, 1, 1), 256 * 1024));
  }

  Repository open() throws MoverException {
    return Repository.open(store, PASSWORD, Clock.systemUTC(), Randomness.secure());
  }

  /** Backs a volume up twice, with changes in between. */
  BackedUp volume(String name, int sizeBytes) throws MoverException {
    byte[] image = new byte[sizeBytes];
    for (int at = 0; at < sizeBytes; at += 128 * 1024) {
      if (random.nextInt(3) > 0) {
        scribble(image, at, Math.min(128 * 1024, sizeBytes - at));
      }
    }
    backUp(name, image);
    for (int i = 0; i < 6; i++) {
      int at = random.nextInt(sizeBytes - 5000);
      scribble(image, at, 5000);
    }
    backUp(name, image);
    return this;
  }

  private void scribble(byte[] image, int at, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    System.arraycopy(bytes, 0, image, at, length);
  }

  private void backUp(String volume, byte[] image) throws MoverException {
    MemoryBlockSource source = new MemoryBlockSource(image.clone());
    FakeChangeTrackerProvider compareAll =
        FakeChangeTrackerProvider.opening(
            "full-scan",
            target ->
                new FakeChangeTracker(ExtentQuality.CANDIDATE, null)
                    .withAllocated(List.of(new Extent(0, image.length))));
    String backup =
        new Backup(
                open(),
                new BackupRequest(
                    source,
                    "test",
                    volume,
                    new SnapshotReference("test", "", volume, image.length, Map.of()),
                    List.of(compareAll),
                    List.of(),
                    1,
                    false,
                    "here",
                    MEMORY),
                new Progress(),
                new Cancellation())
            .run()
            .backup();
    images.put(backup, image.clone());
    volumes.put(backup, volume);
  }

  /** Ids, oldest first. */
  List<String> backups() {
    return List.copyOf(images.keySet());
  }

  byte[] image(String backup) {
    return images.get(backup).clone();
  }

  String volumeOf(String backup) {
    return volumes.get(backup);
  }

  /** Names of the metadata packs that the backups need; others are left to garbage collection. */
  Set<String> metadataPacks() throws MoverException {
    Repository repository = open();
    Set<String> names = new HashSet<>();
    for (String backup : backups()) {
      FoundBackup found = new BackupFinder(repository).find(backup);
      Manifest manifest = new ManifestStore(repository.documents()).load(found.row());
      manifest.metadataPacks().forEach(name -> names.add(name.text()));
    }
    return names;
  }

  RestoreReport restore(String backup, BlockTarget target, boolean keepGoing)
      throws MoverException {
    RestoreRequest request =
        new RestoreRequest(backup, target, false, false, false, keepGoing, MEMORY);
    return new Restore(open(), request, new Progress(), new Cancellation()).run();
  }

  VerifyReport verify(VerifyRequest.Level level) throws MoverException {
    VerifyRequest request = new VerifyRequest(backups(), level, Optional.empty(), MEMORY);
    return new Verification(open(), request, new Progress(), new Cancellation()).run();
  }
}
