package io.blockmover.velero.sweep;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.repository.Repository;
import io.blockmover.repository.catalogue.Catalogue;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.catalogue.VolumeBackups;
import io.blockmover.repository.commit.Forget;
import io.blockmover.repository.head.BackupRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Forgets the backups of one repository whose Velero backup is gone from the bucket: missed by this
 * sweep, and by an earlier one at least a grace ago. Where not one is left that a Velero backup
 * refers to, the grace is doubled: a listing that lies looks like that. Deletes no data.
 */
public final class Sweep {

  private final Repository repository;
  private final VeleroBackups velero;
  private final Duration grace;
  private final boolean dryRun;
  private final MissingMarks marks;

  /**
   * @param velero of the location that the repository lies in
   * @param grace not negative
   * @param dryRun change nothing: no mark either
   */
  public Sweep(Repository repository, VeleroBackups velero, Duration grace, boolean dryRun) {
    this.repository = repository;
    this.velero = velero;
    this.grace = grace;
    this.dryRun = dryRun;
    this.marks = new MissingMarks(repository.store(), () -> repository.random().name());
  }

  /**
   * Sweeps. Repeating is harmless, and so are several at once.
   *
   * @throws MoverException if the bucket or the repository did not answer; what was forgotten until
   *     then is forgotten rightly
   */
  public SweepReport run() throws MoverException {
    List<CorruptData> damaged = new ArrayList<>();
    List<FoundBackup> all = backups(damaged);
    Map<String, Instant> since = marks.load();
    List<Missing> missing = new ArrayList<>();
    int foreign = 0;
    int referred = 0;
    for (FoundBackup backup : all) {
      Optional<VeleroTags> tags = VeleroTags.of(backup.row().tags());
      if (tags.isEmpty()) {
        foreign++;
      } else if (velero.mayHold(tags.get())) {
        referred++;
        unmark(backup.row().id(), since);
      } else {
        missing.add(new Missing(backup, tags.get()));
      }
    }
    Duration needed = referred == 0 ? grace.multipliedBy(2) : grace;
    List<String> forgotten = forget(missing, since, needed);
    if (damaged.isEmpty()) {
      removeOrphans(all, since);
    }
    return new SweepReport(
        all.size(),
        foreign,
        referred,
        missing.size() - forgotten.size(),
        needed,
        referred == 0 && !missing.isEmpty(),
        forgotten,
        damaged.stream().map(CorruptData::key).toList());
  }

  /** One that no Velero backup of the listing refers to. */
  private record Missing(FoundBackup backup, VeleroTags tags) {
    String id() {
      return backup.row().id();
    }
  }

  private List<FoundBackup> backups(List<CorruptData> damaged) throws MoverException {
    List<FoundBackup> all = new ArrayList<>();
    for (VolumeBackups volume : new Catalogue(repository).list(damaged::add)) {
      for (BackupRow row : volume.backups()) {
        all.add(new FoundBackup(volume.id(), volume.volume(), row));
      }
    }
    return all;
  }

  private List<String> forget(List<Missing> missing, Map<String, Instant> since, Duration needed)
      throws MoverException {
    if (missing.isEmpty()) {
      return List.of();
    }
    Instant now = dryRun ? repository.clock().instant() : marks.now();
    Map<String, Set<String>> due = new LinkedHashMap<>();
    for (Missing one : missing) {
      Instant marked = since.get(one.id());
      if (marked == null) {
        if (!dryRun) {
          marks.set(one.id());
        }
      } else if (!marked.plus(needed).isAfter(now)) {
        if (velero.mayHoldNow(one.tags())) {
          unmark(one.id(), since);
        } else {
          due.computeIfAbsent(one.backup().volume(), v -> new LinkedHashSet<>()).add(one.id());
        }
      }
    }
    List<String> forgotten = new ArrayList<>();
    for (Map.Entry<String, Set<String>> volume : due.entrySet()) {
      if (!dryRun) {
        new Forget(repository).forget(volume.getKey(), volume.getValue());
      }
      forgotten.addAll(volume.getValue());
    }
    for (String id : forgotten) {
      unmark(id, since);
    }
    return forgotten;
  }

  private void unmark(String id, Map<String, Instant> since) throws MoverException {
    if (!dryRun && since.containsKey(id)) {
      marks.remove(id);
    }
  }

  /** Marks of backups that somebody else has forgotten. */
  private void removeOrphans(List<FoundBackup> all, Map<String, Instant> since)
      throws MoverException {
    Set<String> known = new HashSet<>();
    all.forEach(backup -> known.add(backup.row().id()));
    for (String id : since.keySet()) {
      if (!known.contains(id)) {
        unmark(id, since);
      }
    }
  }
}
