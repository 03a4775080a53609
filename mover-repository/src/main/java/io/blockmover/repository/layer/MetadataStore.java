package io.blockmover.repository.layer;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.repository.crypto.KeySet;
import io.blockmover.repository.pack.MetadataPackWriter;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReader;
import io.blockmover.repository.pack.PackReference;

/** A store and the keys of what is in it: opens and writes packs of maps, fingerprints, usage. */
public record MetadataStore(ObjectStore store, KeySet keys) {

  /**
   * Opens a pack.
   *
   * @throws io.blockmover.api.CorruptData if it is not that pack, or damaged
   * @throws io.blockmover.api.ObjectNotFound if it is not there
   */
  public PackReader open(PackKind kind, PackReference pack) throws MoverException {
    return PackReader.open(store, keys, kind, pack, kind.keyOf(pack.name()));
  }

  /** Begins a pack; nothing is in the store before it is finished. */
  public MetadataPackWriter begin(PackKind kind, PackName name) {
    return new MetadataPackWriter(store, keys, kind, name, kind.keyOf(name));
  }
}
