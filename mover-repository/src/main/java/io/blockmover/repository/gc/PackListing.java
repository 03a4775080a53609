package io.blockmover.repository.gc;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lists the packs of a repository in parts that fit into memory. A part is a range of the folders
 * that keys are spread over, the same for data and metadata. For one thread.
 */
final class PackListing {

  private final int packsInMemory;
  private final Folder data;
  private final Folder metadata;

  PackListing(ObjectStore store, int packsInMemory) {
    this.packsInMemory = packsInMemory;
    this.data = new Folder(store, PackKind.DATA, "d/");
    this.metadata = new Folder(store, PackKind.MAP, "m/");
  }

  /** The packs of the next part; empty at the end. */
  Optional<Candidates> next() throws MoverException {
    Candidates part = new Candidates();
    String folder = first(data.folder(), metadata.folder());
    if (folder == null) {
      return Optional.empty();
    }
    while (folder != null && part.count() < packsInMemory) {
      data.takeInto(part, folder);
      metadata.takeInto(part, folder);
      folder = first(data.folder(), metadata.folder());
    }
    return Optional.of(part);
  }

  private static @Nullable String first(@Nullable String a, @Nullable String b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.compareTo(b) <= 0 ? a : b;
  }

  /** One of the two listings; what is no pack is passed over. */
  private static final class Folder {

    private final PackKind kind;
    private final ObjectStore.ObjectListing listing;
    private boolean begun;
    private @Nullable ObjectSummary current;
    private @Nullable PackName name;

    Folder(ObjectStore store, PackKind kind, String prefix) {
      this.kind = kind;
      this.listing = store.list(prefix, "");
    }

    /** The two digits after the prefix; null at the end. */
    @Nullable String folder() throws MoverException {
      if (!begun) {
        begun = true;
        advance();
      }
      return current == null ? null : current.key().substring(2, 4);
    }

    void takeInto(Candidates part, String folder) throws MoverException {
      while (folder.equals(folder()) && current != null && name != null) {
        part.add(name, current.sizeBytes(), kind == PackKind.DATA);
        advance();
      }
    }

    private void advance() throws MoverException {
      name = null;
      current = null;
      Optional<ObjectSummary> next = listing.next();
      while (next.isPresent() && name == null) {
        name = nameOf(next.get().key());
        if (name == null) {
          next = listing.next();
        } else {
          current = next.get();
        }
      }
    }

    private @Nullable PackName nameOf(String key) {
      try {
        PackName found = PackName.parse(key.substring(key.lastIndexOf('/') + 1));
        return kind.keyOf(found).equals(key) ? found : null;
      } catch (IllegalArgumentException e) {
        return null; // other things may lie there; they are nobody's business
      }
    }
  }
}
