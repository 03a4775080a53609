package io.blockmover.repository;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.RepositoryNotFound;
import io.blockmover.api.UnsupportedFormat;
import io.blockmover.api.WrongPassword;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.repository.crypto.KeySet;
import io.blockmover.repository.document.DocumentStore;
import io.blockmover.repository.key.KeySlots;
import io.blockmover.repository.key.Keyring;
import io.blockmover.repository.key.OpenedKeys;
import io.blockmover.repository.layer.MetadataStore;
import java.time.Clock;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An open repository: a store, the keys of what is in it, and the sources of time and chance that
 * everything in it uses. Thread-safe. Closing the store is its owner's.
 */
public final class Repository {

  private final ObjectStore store;
  private final RepositoryFormat format;
  private final KeySet keys;
  private final Keyring keyring;
  private final DocumentStore documents;
  private final Clock clock;
  private final Randomness random;

  private Repository(
      ObjectStore store,
      RepositoryFormat format,
      KeySet keys,
      Keyring keyring,
      Clock clock,
      Randomness random) {
    this.store = store;
    this.format = format;
    this.keys = keys;
    this.keyring = keyring;
    this.documents = new DocumentStore(store, keys, random);
    this.clock = clock;
    this.random = random;
  }

  /**
   * Opens a repository for reading; see {@link #require} for more. The store takes over what init
   * found out about it.
   *
   * @param store with the retry layer
   * @param password null if there is none
   * @throws RepositoryNotFound if there is none
   * @throws WrongPassword if no key slot opens, or a password is given where none is needed
   * @throws UnsupportedFormat if it is newer than this program
   * @throws CorruptData if {@code format} or the slots are damaged
   */
  public static Repository open(
      ObjectStore store, @Nullable String password, Clock clock, Randomness random)
      throws MoverException {
    byte[] bytes;
    try {
      bytes = store.load(RepositoryFormat.KEY, RepositoryFormat.MAX_BYTES).bytes();
    } catch (ObjectNotFound e) {
      throw new RepositoryNotFound(
          "there is no repository at " + store.location(),
          "check the place, or make a repository there with `mover init`",
          e);
    }
    try {
      return open(store, bytes, password, clock, random);
    } catch (CorruptData e) {
      throw e.advising(
          "put a sound copy of that object back (an older version in the bucket, a replica):"
              + " without it nothing in the repository can be read");
    }
  }

  private static Repository open(
      ObjectStore store, byte[] bytes, @Nullable String password, Clock clock, Randomness random)
      throws MoverException {
    RepositoryFormat format = RepositoryFormat.parse(bytes);
    Operation.READ.requireAllowed(format.requires());
    if (password != null && !format.encrypted()) {
      throw notEncrypted(store);
    }
    byte[] lineage = lineage(format);
    KeySlots slots = new KeySlots(store, format.repository(), random);
    OpenedKeys opened = slots.open(password, format.encrypted(), lineage);
    KeySet keys = opened.keys();
    RepositoryFormat.requireAuthentic(bytes, keys.metadataKey());
    RepositoryFormat.StoreFindings findings = format.store();
    if (findings != null) {
      store.adopt(findings.options());
    }
    return new Repository(store, format, keys, new Keyring(slots, opened, clock), clock, random);
  }

  /** Whoever can write to the store could have put keys of their own in place of the real ones. */
  private static WrongPassword notEncrypted(ObjectStore store) {
    return new WrongPassword(
        "the repository at "
            + store.location()
            + " says that it is not encrypted, but a password is set",
        "unset the password if it was made with --no-encryption; if it was not, somebody has"
            + " replaced it: do not use it");
  }

  private static byte[] lineage(RepositoryFormat format) throws CorruptData {
    try {
      return HexFormat.of().parseHex(format.lineage());
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new CorruptData(
          RepositoryFormat.KEY, "a lineage in hex", String.valueOf(format.lineage()), e);
    }
  }

  /**
   * Checks that this program may do something here.
   *
   * @throws UnsupportedFormat with the name of the feature that it lacks
   */
  public void require(Operation operation) throws UnsupportedFormat {
    operation.requireAllowed(format.requires());
  }

  /** What the object {@code format} says. */
  public RepositoryFormat format() {
    return format;
  }

  /** The store, with the retry layer. */
  public ObjectStore store() {
    return store;
  }

  public KeySet keys() {
    return keys;
  }

  /** The passwords that open it. */
  public Keyring keyring() {
    return keyring;
  }

  /** Manifests, HEADs and other small documents. */
  public DocumentStore documents() {
    return documents;
  }

  /** Packs of maps, fingerprints and usage. */
  public MetadataStore metadata() {
    return new MetadataStore(store, keys);
  }

  /** For times in records; it never decides anything. */
  public Clock clock() {
    return clock;
  }

  public Randomness random() {
    return random;
  }

  /** The id of a volume of this name. */
  public VolumeId volumeId(String volume) {
    return VolumeId.of(keys, volume);
  }
}
