package io.blockmover.cli;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.RepositoryNotFound;
import io.blockmover.api.WrongPassword;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.cli.location.RepositoryLocation;
import io.blockmover.cli.location.Stores;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.password.PasswordSource;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.Repository;
import io.blockmover.repository.catalogue.BackupFinder;
import io.blockmover.repository.catalogue.Catalogue;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.catalogue.VolumeBackups;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.ManifestStore;
import io.blockmover.repository.store.RetryListener;
import io.blockmover.repository.store.StoreUsage;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A repository that this command opened, with what it needs beside it. */
final class OpenRepository implements AutoCloseable {

  private final Stores.Opened opened;
  private final Repository repository;
  private final Progress progress;

  private OpenRepository(Stores.Opened opened, Repository repository, Progress progress) {
    this.opened = opened;
    this.repository = repository;
    this.progress = progress;
  }

  /** How a repository is opened once its store is. */
  private interface Opening {
    Repository open(Stores.Opened store) throws MoverException, Complaint;
  }

  /** Opens the repository that the options name; a person may be asked for the password. */
  static OpenRepository open(RepositoryOptions options, Surroundings surroundings, Output output)
      throws MoverException, Complaint {
    return open(
        options,
        options.location(surroundings),
        output,
        store -> open(store, options.password(surroundings, output)));
  }

  /**
   * Opens a repository where nobody can be asked anything. It must be encrypted, and the password
   * one that is not printed in a manual.
   *
   * @param location of the repository; the options say the rest
   * @param create make one where there is none
   */
  static OpenRepository unattended(
      RepositoryOptions options,
      RepositoryLocation location,
      Surroundings surroundings,
      Output output,
      boolean create)
      throws MoverException, Complaint {
    String password = options.password(surroundings, output).required();
    return open(
        options,
        location,
        output,
        store -> {
          try {
            return Repository.open(store.store(), password, Clock.systemUTC(), Randomness.secure());
          } catch (RepositoryNotFound e) {
            if (!create) {
              throw e;
            }
            return new RepositoryCreation(location, store.store(), output).createOrOpen(password);
          }
        });
  }

  private static OpenRepository open(
      RepositoryOptions options, RepositoryLocation location, Output output, Opening opening)
      throws MoverException, Complaint {
    Progress progress = new Progress();
    RetryListener warning = new RetryWarning(output);
    Stores.Opened opened =
        options.store(
            location,
            (operation, key, failures, delay, cause) -> {
              progress.retried();
              warning.retrying(operation, key, failures, delay, cause);
            });
    try {
      return new OpenRepository(opened, opening.open(opened), progress);
    } catch (MoverException | Complaint | RuntimeException e) {
      opened.store().close();
      throw e;
    }
  }

  /**
   * Nobody is asked for the password of a repository that has none; but where one is configured, a
   * repository that claims to need none is refused.
   */
  private static Repository open(Stores.Opened opened, PasswordSource password)
      throws MoverException, Complaint {
    Randomness random = Randomness.secure();
    String given = password.unattended().orElse(null);
    try {
      return Repository.open(opened.store(), given, Clock.systemUTC(), random);
    } catch (WrongPassword e) {
      if (given != null) {
        throw e;
      }
      return Repository.open(opened.store(), password.existing(), Clock.systemUTC(), random);
    }
  }

  Repository repository() {
    return repository;
  }

  /** Counts the job that runs here; retries of requests are in it. */
  Progress progress() {
    return progress;
  }

  /** What was asked of the store until now. */
  StoreUsage usage() {
    return opened.requests().usage();
  }

  /** The backup that a person means. */
  FoundBackup find(String name) throws MoverException {
    return new BackupFinder(repository).find(name);
  }

  /**
   * Backups, oldest first.
   *
   * @param volume only of this one, null for all
   * @param tags that they must have, all of them
   * @param latest how many of each volume at most, the newest
   */
  List<FoundBackup> backups(@Nullable String volume, List<String> tags, int latest)
      throws MoverException {
    return select(new Catalogue(repository).list(), volume, tags, latest);
  }

  /**
   * The same, of the volumes whose HEADs can be read.
   *
   * @param damaged told of each HEAD that cannot
   */
  List<FoundBackup> backups(
      @Nullable String volume, List<String> tags, int latest, Consumer<CorruptData> damaged)
      throws MoverException {
    return select(new Catalogue(repository).list(damaged), volume, tags, latest);
  }

  /** Backups, volume by volume, those of each in the order of its HEAD, whatever clocks said. */
  List<FoundBackup> inOrder(@Nullable String volume, List<String> tags) throws MoverException {
    return byVolume(new Catalogue(repository).list(), volume, tags, Integer.MAX_VALUE);
  }

  private static List<FoundBackup> select(
      List<VolumeBackups> volumes, @Nullable String volume, List<String> tags, int latest) {
    List<FoundBackup> all = byVolume(volumes, volume, tags, latest);
    all.sort(Comparator.comparing(backup -> backup.row().created()));
    return all;
  }

  private static List<FoundBackup> byVolume(
      List<VolumeBackups> volumes, @Nullable String volume, List<String> tags, int latest) {
    List<FoundBackup> all = new ArrayList<>();
    for (VolumeBackups backups : volumes) {
      if (volume == null || volume.equals(backups.volume())) {
        List<BackupRow> rows =
            backups.backups().stream().filter(row -> row.tags().containsAll(tags)).toList();
        rows.subList(Math.max(0, rows.size() - latest), rows.size())
            .forEach(row -> all.add(new FoundBackup(backups.id(), backups.volume(), row)));
      }
    }
    return all;
  }

  Manifest manifest(FoundBackup backup) throws MoverException {
    return new ManifestStore(repository.documents()).load(backup.row());
  }

  /**
   * Where two backups differ, told from their maps. Both are pinned until the cursor is closed:
   * forgotten meanwhile, their maps stay.
   */
  ExtentCursor difference(FoundBackup from, FoundBackup to) throws MoverException {
    return HeldDifference.open(repository, from, to);
  }

  @Override
  public void close() {
    opened.store().close();
  }
}
