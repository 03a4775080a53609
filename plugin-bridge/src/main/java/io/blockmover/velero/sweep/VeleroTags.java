package io.blockmover.velero.sweep;

import java.util.List;
import java.util.Optional;

/**
 * The Velero backup that a backup belongs to, as its tags say.
 *
 * @param uid of the Backup object in the cluster that made it: names are used again
 */
public record VeleroTags(String name, String uid) {

  private static final String NAME = "velero-backup=";
  private static final String UID = "velero-backup-uid=";

  /** The tags that say it. */
  public List<String> tags() {
    return List.of(NAME + name, UID + uid);
  }

  /** Empty unless they name one Velero backup and no other: such a backup is not ours to judge. */
  public static Optional<VeleroTags> of(List<String> tags) {
    List<String> names = values(tags, NAME);
    List<String> uids = values(tags, UID);
    return names.size() == 1 && uids.size() == 1
        ? Optional.of(new VeleroTags(names.getFirst(), uids.getFirst()))
        : Optional.empty();
  }

  private static List<String> values(List<String> tags, String prefix) {
    return tags.stream()
        .filter(tag -> tag.startsWith(prefix) && tag.length() > prefix.length())
        .map(tag -> tag.substring(prefix.length()))
        .distinct()
        .toList();
  }
}
