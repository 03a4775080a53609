package io.blockmover.repository.gc;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.repository.Repository;
import io.blockmover.repository.document.DocumentStore;
import io.blockmover.repository.pack.PackName;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Plans and doom lists: immutable, under names that nobody had before. */
final class PackLists {

  /** {@code gc/<epoch>/plan-<rand>} and {@code gc/<epoch>/doom-<rand>}. */
  static final Pattern KEY = Pattern.compile("gc/([0-9]{1,18})/(?:plan|doom)-[0-9a-f]{32}");

  private final Repository repository;

  PackLists(Repository repository) {
    this.repository = repository;
  }

  /** Writes the packs that an epoch may condemn; their list's key. */
  String writePlan(long epoch, SortedSet<PackName> packs) throws MoverException {
    return write("gc/" + epoch + "/plan-", packs);
  }

  /** Writes the packs that an epoch condemns; their list's key. */
  String writeDoom(long epoch, SortedSet<PackName> packs) throws MoverException {
    return write("gc/" + epoch + "/doom-", packs);
  }

  private String write(String prefix, Collection<PackName> packs) throws MoverException {
    String key = prefix + repository.random().name();
    PackList list = new PackList(packs.stream().map(PackName::text).toList());
    try {
      repository.documents().putIfAbsent(key, list);
    } catch (ObjectAlreadyExists | WriteOutcomeUnknown e) {
      // The name is random: what is there is ours.
      if (repository.store().find(key).isEmpty()) {
        throw e;
      }
    }
    return key;
  }

  /**
   * Reads a list.
   *
   * @throws io.blockmover.api.ObjectNotFound if it was dropped: read {@code gc/HEAD} again
   */
  static SortedSet<PackName> read(DocumentStore documents, String key) throws MoverException {
    SortedSet<PackName> packs = new TreeSet<>();
    for (String name : documents.load(key, PackList.class).packs()) {
      try {
        packs.add(PackName.parse(name));
      } catch (IllegalArgumentException e) {
        throw new CorruptData(key, "names of packs", name, e);
      }
    }
    return packs;
  }
}
