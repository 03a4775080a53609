package io.blockmover.repository.gc;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.document.DocumentStore;
import io.blockmover.repository.pack.PackName;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads what garbage collection has published. Thread-safe. */
public final class GcReader {

  private static final int MAX_ATTEMPTS = 20;

  private final DocumentStore documents;

  public GcReader(DocumentStore documents) {
    this.documents = documents;
  }

  /** {@code gc/HEAD} now. */
  public GcHead load() throws MoverException {
    try {
      return documents.load(GcHead.KEY, GcHead.class);
    } catch (ObjectNotFound e) {
      return GcHead.NONE;
    }
  }

  /**
   * All packs condemned in epochs after {@code base}, those of an unfinished plan included. Reads
   * {@code gc/HEAD} after this call began, and again if a list that it names has gone meanwhile.
   */
  public Condemned since(long base) throws MoverException {
    for (int attempt = 1; ; attempt++) {
      GcHead head = load();
      if (head.floor() > base) {
        return new Condemned(head.floor(), new TreeSet<>());
      }
      try {
        return new Condemned(head.floor(), read(listsAfter(head, base)));
      } catch (ObjectNotFound e) {
        if (attempt == MAX_ATTEMPTS) {
          throw new CorruptData(GcHead.KEY, "lists that exist", String.valueOf(e.getMessage()), e);
        }
      }
    }
  }

  private static List<String> listsAfter(GcHead head, long base) {
    List<String> keys = new ArrayList<>();
    for (GcHead.DoomList list : head.lists()) {
      if (list.epoch() > base) {
        keys.add(list.key());
      }
    }
    String plan = head.plan();
    if (plan != null) {
      keys.add(plan);
    }
    return keys;
  }

  private SortedSet<PackName> read(List<String> keys) throws MoverException {
    SortedSet<PackName> packs = new TreeSet<>();
    for (String key : keys) {
      packs.addAll(PackLists.read(documents, key));
    }
    return packs;
  }
}
