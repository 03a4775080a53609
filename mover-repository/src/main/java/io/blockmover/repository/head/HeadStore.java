package io.blockmover.repository.head;

import io.blockmover.api.ConditionFailed;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.api.store.VersionTag;
import io.blockmover.repository.Repository;
import io.blockmover.repository.VolumeId;
import io.blockmover.repository.document.LoadedDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads HEADs and swaps them. HEADs are never deleted: that would reset {@code seq}. Thread-safe.
 */
public final class HeadStore {

  private static final int KEPT_ROWS = VolumeHead.MAX_ROWS / 2;

  private static final Pattern LIST_KEY = Pattern.compile("l/([0-9a-f]{32})/.*");

  private final Repository repository;

  public HeadStore(Repository repository) {
    this.repository = repository;
  }

  /** The HEAD of a volume now; of seq 0 if there is none. */
  public HeadState load(String volume) throws MoverException {
    VolumeId id = repository.volumeId(volume);
    try {
      HeadState state = load(id);
      if (!state.head().volume().equals(volume)) {
        throw new CorruptData(id.headKey(), "volume " + volume, state.head().volume());
      }
      return state;
    } catch (ObjectNotFound e) {
      return new HeadState(id, VolumeHead.absent(volume), null, null);
    }
  }

  /**
   * The HEAD of a volume of which only the id is known.
   *
   * @throws ObjectNotFound if there is none
   */
  public HeadState load(VolumeId id) throws MoverException {
    LoadedDocument<VolumeHead> loaded =
        repository.documents().loadVersioned(id.headKey(), VolumeHead.class);
    VolumeHead head = loaded.content();
    if (head.seq() < 1 || !repository.volumeId(head.volume()).equals(id)) {
      throw new CorruptData(id.headKey(), "the HEAD of this volume", "another");
    }
    return new HeadState(id, head, loaded.version(), loaded.sha256());
  }

  /** Finds a backup among all of a volume. */
  public Optional<BackupRow> find(HeadState state, String backup) throws MoverException {
    Optional<BackupRow> recent = state.head().find(backup);
    if (recent.isPresent() || state.head().older() == null) {
      return recent;
    }
    return older(state.head()).stream().filter(row -> row.id().equals(backup)).findFirst();
  }

  /** All backups of a volume, oldest first. */
  public List<BackupRow> all(VolumeHead head) throws MoverException {
    List<BackupRow> rows = new ArrayList<>(older(head));
    rows.addAll(head.backups());
    return rows;
  }

  private List<BackupRow> older(VolumeHead head) throws MoverException {
    return olderBackups(head.older());
  }

  /**
   * The rows of a list of older backups.
   *
   * @throws ObjectNotFound if there is no such list, and HEAD has moved on from it
   * @throws CorruptData if HEAD still names the list, and it is damaged or missing
   */
  public List<BackupRow> olderBackups(@Nullable String key) throws MoverException {
    if (key == null) {
      return List.of();
    }
    try {
      return repository.documents().load(key, BackupList.class).backups();
    } catch (ObjectNotFound e) {
      Matcher matcher = LIST_KEY.matcher(key);
      if (matcher.matches() && key.equals(load(new VolumeId(matcher.group(1))).head().older())) {
        throw new CorruptData(key, "a list of backups that a HEAD names", "no object", e);
      }
      throw e;
    }
  }

  /**
   * The HEAD with a backup more, still to be {@linkplain #swap swapped in}. If that makes too many
   * rows, the older half moves to a new list, which is written here: it belongs to this state only.
   */
  public VolumeHead with(HeadState state, BackupRow row) throws MoverException {
    List<BackupRow> rows = new ArrayList<>(state.head().backups());
    rows.add(row);
    VolumeHead head = state.head().withBackups(rows);
    if (rows.size() <= VolumeHead.MAX_ROWS) {
      return head;
    }
    List<BackupRow> older = new ArrayList<>(older(head));
    int moved = rows.size() - KEPT_ROWS;
    older.addAll(rows.subList(0, moved));
    return head.withBackups(rows.subList(moved, rows.size()))
        .withOlder(writeList(state, older), older.size());
  }

  /** The HEAD without some backups, still to be {@linkplain #swap swapped in}. */
  public VolumeHead without(HeadState state, Set<String> ids) throws MoverException {
    VolumeHead head = state.head();
    List<BackupRow> older = older(head);
    List<BackupRow> keptOlder = kept(older, ids);
    List<String> removed = new ArrayList<>(head.removed());
    for (BackupRow row : all(head)) {
      if (ids.contains(row.id())) {
        removed.add(row.id());
      }
    }
    VolumeHead result = head.withBackups(kept(head.backups(), ids)).withRemoved(removed);
    if (result.backups().isEmpty() && !keptOlder.isEmpty()) {
      // The newest backup always stands in HEAD itself.
      int stay = Math.max(0, keptOlder.size() - KEPT_ROWS);
      result = result.withBackups(keptOlder.subList(stay, keptOlder.size()));
      keptOlder = keptOlder.subList(0, stay);
    }
    if (keptOlder.size() == older.size()) {
      return result;
    }
    return keptOlder.isEmpty()
        ? result.withOlder(null, 0)
        : result.withOlder(writeList(state, keptOlder), keptOlder.size());
  }

  /**
   * The HEAD with other manifests for some backups, still to be {@linkplain #swap swapped in}.
   *
   * @param manifests keys by the backups' ids; of one that is not there any more nothing comes
   */
  public VolumeHead replacing(HeadState state, Map<String, String> manifests)
      throws MoverException {
    VolumeHead head = state.head();
    VolumeHead result = head.withBackups(under(head.backups(), manifests));
    List<BackupRow> older = older(head);
    List<BackupRow> newOlder = under(older, manifests);
    return newOlder.equals(older)
        ? result
        : result.withOlder(writeList(state, newOlder), newOlder.size());
  }

  private static List<BackupRow> under(List<BackupRow> rows, Map<String, String> manifests) {
    return rows.stream()
        .map(row -> row.under(manifests.getOrDefault(row.id(), row.manifest())))
        .toList();
  }

  private static List<BackupRow> kept(List<BackupRow> rows, Set<String> ids) {
    return rows.stream().filter(row -> !ids.contains(row.id())).toList();
  }

  private String writeList(HeadState state, List<BackupRow> rows) throws MoverException {
    long base = state.head().seq();
    String key = "l/" + state.id() + "/" + base + "." + repository.random().name();
    repository
        .documents()
        .putIfAbsent(key, new BackupList(VolumeHead.VERSION, base, List.copyOf(rows)));
    return key;
  }

  /**
   * Swaps a HEAD: sends one conditional write.
   *
   * @param expected the state that it must still have
   * @param head what becomes of it; seq, nonce and previous are set here
   * @return what is there now; empty if the outcome is unknown. A refusal counts as unknown too:
   *     the request may have been sent twice below, and won the first time. Only reading HEAD tells
   * @throws io.blockmover.api.Cancelled if the thread was interrupted; the outcome is unknown, too
   * @throws MoverException if it certainly took no effect; the retry layer has given up by then
   */
  public Optional<HeadState> swap(HeadState expected, VolumeHead head) throws MoverException {
    VolumeHead next = head.next(repository.random().name(), expected.sha256());
    String key = expected.id().headKey();
    VersionTag version = expected.version();
    try {
      VersionTag written =
          version == null
              ? repository.documents().putIfAbsent(key, next)
              : repository.documents().replace(key, next, version);
      return Optional.of(new HeadState(expected.id(), next, written, null));
    } catch (ConditionFailed | ObjectAlreadyExists | ObjectNotFound | WriteOutcomeUnknown e) {
      return Optional.empty();
    }
  }
}
