package io.blockmover.engine.backup;

import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Which list was followed over which part of the volume, and what of it must be looked at again.
 * Changed by one thread at a time, while others ask.
 */
final class FollowedLists {

  private final boolean hasParent;
  private final List<Part> parts = new CopyOnWriteArrayList<>();
  private volatile long redoTo;
  private volatile boolean redoFromParent;

  /** From which offset on a list was followed. */
  private record Part(long from, Listing listing) {}

  FollowedLists(boolean hasParent) {
    this.hasParent = hasParent;
  }

  void begin(long from, Listing listing) {
    parts.add(new Part(from, listing));
  }

  /** How many there were. */
  int count() {
    return parts.size();
  }

  /** The one followed now. */
  Listing last() {
    return parts.getLast().listing();
  }

  /** The one that said, or did not say, something of an offset. */
  Listing at(long offset) {
    Listing found = parts.getFirst().listing();
    for (Part part : parts) {
      found = part.from() <= offset ? part.listing() : found;
    }
    return found;
  }

  /** Which lists were believed about a part of the volume; empty if all of it was compared. */
  String method(long from, long to) {
    TreeSet<String> methods = new TreeSet<>();
    for (int i = 0; i < parts.size(); i++) {
      long end = i + 1 < parts.size() ? parts.get(i + 1).from() : Long.MAX_VALUE;
      if (parts.get(i).from() < to && end > from) {
        methods.add(parts.get(i).listing().method());
      }
    }
    methods.remove("");
    return String.join(" + ", methods);
  }

  /**
   * Remembers that all before an offset must be compared again.
   *
   * @return whether the pass may go on: what a list of changes left out is as in the parent so far,
   *     and what is read replaces it. But where a list of allocated extents made zeros of the
   *     parent's chunks, these would be stored again: then all begins again with the parent.
   */
  boolean redo(Listing doubtful, long from) {
    redoTo = Math.max(redoTo, from);
    redoFromParent |= doubtful.kind() == Listing.Kind.ALLOCATED && hasParent;
    return !redoFromParent;
  }

  /** Up to which offset all must be compared once more, if not from the parent; 0 for nothing. */
  long redoTo() {
    return redoTo;
  }

  /** Whether all begins again with the parent's content. */
  boolean redoFromParent() {
    return redoFromParent;
  }
}
