package io.blockmover.repository.catalogue;

import io.blockmover.api.BackupNotFound;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.repository.Repository;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadState;
import io.blockmover.repository.head.HeadStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Understands what people call a backup: {@code latest}, {@code VOLUME@latest}, or an id. */
public final class BackupFinder {

  private static final String LATEST = "latest";
  private static final String AT_LATEST = "@latest";
  private static final int SHOWN = 8;
  private static final Comparator<FoundBackup> BY_TIME =
      Comparator.comparing(found -> found.row().created());

  private final Repository repository;

  public BackupFinder(Repository repository) {
    this.repository = repository;
  }

  /**
   * Finds one backup.
   *
   * @param name {@code latest}: the newest of all volumes; {@code VOLUME@latest}; or the beginning
   *     of an id that no other id shares
   * @throws BackupNotFound if there is none or more than one; its message names candidates
   * @throws CorruptData if a volume's HEAD is damaged, unless a whole id was given and found
   */
  public FoundBackup find(String name) throws MoverException {
    if (name.endsWith(AT_LATEST) && name.length() > AT_LATEST.length()) {
      return latestOf(name.substring(0, name.length() - AT_LATEST.length()));
    }
    List<CorruptData> damaged = new ArrayList<>();
    List<FoundBackup> all = all(damaged);
    if (!damaged.isEmpty()) {
      return all.stream()
          .filter(found -> found.row().id().equals(name))
          .findFirst()
          .orElseThrow(damaged::getFirst);
    }
    if (all.isEmpty()) {
      throw new BackupNotFound("the repository holds no backup", "make one with `mover backup`");
    }
    if (name.equals(LATEST)) {
      return latest(all);
    }
    String prefix = name.toLowerCase(Locale.ROOT);
    List<FoundBackup> matching =
        all.stream().filter(found -> found.row().id().startsWith(prefix)).toList();
    if (matching.size() == 1) {
      return matching.getFirst();
    }
    throw matching.isEmpty() || prefix.isEmpty()
        ? new BackupNotFound(
            "there is no backup '" + name + "'; the newest are " + describe(all),
            "see `mover list`")
        : new BackupNotFound(
            matching.size() + " backups begin with '" + name + "': " + describe(matching),
            "give more digits");
  }

  /** Of each volume its HEAD knows the last, whatever clocks said; between volumes they decide. */
  private static FoundBackup latest(List<FoundBackup> all) {
    Map<String, FoundBackup> lastOfEach = new HashMap<>();
    all.forEach(found -> lastOfEach.put(found.volume(), found));
    return Collections.max(lastOfEach.values(), BY_TIME);
  }

  private FoundBackup latestOf(String volume) throws MoverException {
    HeadState state = new HeadStore(repository).load(volume);
    BackupRow row =
        state
            .head()
            .latest()
            .orElseThrow(
                () ->
                    new BackupNotFound(
                        "there is no backup of volume '" + volume + "'", "see `mover list`"));
    return new FoundBackup(state.id(), volume, row);
  }

  /** All backups, those of a volume in the order of its HEAD. */
  private List<FoundBackup> all(List<CorruptData> damaged) throws MoverException {
    List<FoundBackup> all = new ArrayList<>();
    for (VolumeBackups volume : new Catalogue(repository).list(damaged::add)) {
      for (BackupRow row : volume.backups()) {
        all.add(new FoundBackup(volume.id(), volume.volume(), row));
      }
    }
    return all;
  }

  private static String describe(List<FoundBackup> found) {
    return found.stream()
        .sorted(BY_TIME.reversed())
        .limit(SHOWN)
        .map(
            f -> f.row().id().substring(0, 12) + " (" + f.volume() + ", " + f.row().created() + ")")
        .collect(Collectors.joining(", "));
  }
}
