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

  /** What a list names. */
  public interface ListVisitor {

    /**
     * Looks at one list.
     *
     * @param packs never empty
     */
    void visit(SortedSet<PackName> packs) throws MoverException;
  }

  /**
   * Shows all lists of epochs after {@code base}, that of an unfinished plan included, one after
   * the other: together they may be too many for memory. Reads {@code gc/HEAD} after this call
   * began, and again if a list that it names has gone meanwhile; lists may be shown twice.
   *
   * @return the floor of {@code gc/HEAD}; if it is above {@code base}, no list was shown
   */
  public long visitSince(long base, ListVisitor visitor) throws MoverException {
    for (int attempt = 1; ; attempt++) {
      GcHead head = load();
      if (head.floor() > base) {
        return head.floor();
      }
      List<String> keys = new ArrayList<>();
      head.lists().stream().filter(list -> list.epoch() > base).forEach(l -> keys.add(l.key()));
      if (head.plan() != null) {
        keys.add(head.plan());
      }
      if (visit(keys, visitor)) {
        return head.floor();
      }
      requireAnotherAttempt(attempt);
    }
  }

  private boolean visit(List<String> keys, ListVisitor visitor) throws MoverException {
    for (String key : keys) {
      SortedSet<PackName> packs;
      try {
        packs = PackLists.read(documents, key);
      } catch (ObjectNotFound e) {
        return false;
      }
      if (!packs.isEmpty()) {
        visitor.visit(packs);
      }
    }
    return true;
  }

  /**
   * What was condemned lately, the unfinished plan included: as many of the newest lists as memory
   * is granted for.
   *
   * @param base lists up to this epoch are of no interest
   * @param maxPacks when so many have been read, older lists are left out
   */
  public Condemned latest(long base, int maxPacks) throws MoverException {
    for (int attempt = 1; ; attempt++) {
      try {
        return latest(load(), base, maxPacks);
      } catch (ObjectNotFound e) {
        requireAnotherAttempt(attempt);
      }
    }
  }

  private Condemned latest(GcHead head, long base, int maxPacks) throws MoverException {
    SortedSet<PackName> packs = new TreeSet<>();
    if (head.plan() != null) {
      packs.addAll(PackLists.read(documents, head.plan()));
    }
    long floor = Math.max(base, head.floor());
    for (GcHead.DoomList list : head.lists().reversed()) {
      if (list.epoch() <= floor) {
        break;
      }
      if (packs.size() >= maxPacks) {
        floor = list.epoch();
        break;
      }
      packs.addAll(PackLists.read(documents, list.key()));
    }
    return new Condemned(floor, packs);
  }

  private static void requireAnotherAttempt(int attempt) throws CorruptData {
    if (attempt == MAX_ATTEMPTS) {
      throw new CorruptData(GcHead.KEY, "lists that exist", "one that does not, each time");
    }
  }
}
