package io.blockmover.repository.key;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.WrongPassword;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.crypto.KeySet;
import io.blockmover.repository.document.Json;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The slots under {@code keys/}: one for each password that opens the repository. */
public final class KeySlots {

  private static final String PREFIX = "keys/";
  private static final int MAX_SLOT_BYTES = 64 << 10;
  private static final String PASSWORD_ADVICE =
      "give the password that the repository was made with, or one that was added later";

  private final ObjectStore store;
  private final String repository;
  private final Randomness random;

  /**
   * @param repository the repository's id; slots are bound to it
   */
  public KeySlots(ObjectStore store, String repository, Randomness random) {
    this.store = store;
    this.repository = repository;
    this.random = random;
  }

  /**
   * Adds a slot that a password opens.
   *
   * @return its id
   */
  public String add(KeySet keys, String password, PasswordCost cost, String label, Instant created)
      throws MoverException {
    return write(KeySlot.wrap(keys, repository, password, cost, label, created, random));
  }

  /** Adds a slot that everybody can open: no encryption, in effect. */
  public void addOpen(KeySet keys, String label, Instant created) throws MoverException {
    write(KeySlot.open(keys, label, created));
  }

  /**
   * Tries all slots; keys that can read are preferred to keys that can only write. Slots of other
   * repositories, left by an init that crashed, open nothing and are passed over.
   *
   * @param password null if there is none
   * @param encrypted what {@code format} says; an open slot counts only where it says no
   * @throws WrongPassword if none opens
   */
  public OpenedKeys open(@Nullable String password, boolean encrypted, byte[] lineage)
      throws MoverException {
    Optional<OpenedKeys> found = Optional.empty();
    CorruptData damage = null;
    List<String> slots = keys();
    for (String key : slots) {
      Optional<KeySet> keys = Optional.empty();
      try {
        keys = tryOpen(key, password, encrypted);
      } catch (CorruptData e) {
        damage = e;
      } catch (ObjectNotFound e) {
        continue; // removed since it was listed
      }
      Optional<OpenedKeys> opened =
          keys.filter(k -> Arrays.equals(k.lineage(), lineage))
              .map(k -> new OpenedKeys(key.substring(PREFIX.length()), k));
      if (opened.isPresent() && opened.get().keys().dataPrivateKey().isPresent()) {
        return opened.get();
      }
      if (found.isEmpty()) {
        found = opened;
      }
    }
    if (found.isPresent()) {
      return found.get();
    }
    if (damage != null) {
      throw damage;
    }
    if (password == null && encrypted) {
      throw new WrongPassword(
          "this repository needs a password, and none was given", PASSWORD_ADVICE);
    }
    throw new WrongPassword(
        "the password opens none of the " + slots.size() + " key slots", PASSWORD_ADVICE);
  }

  private Optional<KeySet> tryOpen(String key, @Nullable String password, boolean encrypted)
      throws MoverException {
    KeySlot slot = load(key);
    if (KeySlot.NONE.equals(slot.kdf())) {
      KeySetJson open = slot.keys();
      return encrypted || open == null ? Optional.empty() : Optional.of(open.toKeySet(key));
    }
    if (!KeySlot.ARGON2ID.equals(slot.kdf()) || password == null) {
      return Optional.empty();
    }
    return slot.unwrap(key, repository, password);
  }

  /**
   * All slots, in the order of their ids. One that is removed meanwhile is left out, and so is one
   * that cannot be parsed, which may be of a newer version.
   */
  List<KeySlotSummary> list(String inUse) throws MoverException {
    List<KeySlotSummary> all = new ArrayList<>();
    for (String id : ids()) {
      summary(id, inUse).ifPresent(all::add);
    }
    return all;
  }

  private Optional<KeySlotSummary> summary(String id, String inUse) throws MoverException {
    try {
      KeySlot slot = load(PREFIX + id);
      return Optional.of(
          new KeySlotSummary(
              id,
              slot.label(),
              slot.created(),
              !KeySlot.NONE.equals(slot.kdf()),
              KeySlot.WRITE.equals(slot.grants()),
              id.equals(inUse)));
    } catch (CorruptData | ObjectNotFound e) {
      return Optional.empty();
    }
  }

  /** The ids of all slots, readable or not. */
  List<String> ids() throws MoverException {
    return keys().stream().map(key -> key.substring(PREFIX.length())).toList();
  }

  /** The bytes of a slot, to put back. */
  byte[] bytes(String id) throws MoverException {
    return store.load(PREFIX + id, MAX_SLOT_BYTES).bytes();
  }

  /** Puts a slot back if it is not there. */
  void putBack(String id, byte[] bytes) throws MoverException {
    if (store.find(PREFIX + id).isEmpty()) {
      store.putIfAbsent(PREFIX + id, ByteBuffer.wrap(bytes));
    }
  }

  void delete(String id) throws MoverException {
    store.delete(PREFIX + id);
  }

  private KeySlot load(String key) throws MoverException {
    return Json.read(store.load(key, MAX_SLOT_BYTES).bytes(), KeySlot.class, key);
  }

  private List<String> keys() throws MoverException {
    List<String> keys = new ArrayList<>();
    ObjectStore.ObjectListing listing = store.list(PREFIX, "");
    for (Optional<ObjectSummary> slot = listing.next(); slot.isPresent(); slot = listing.next()) {
      keys.add(slot.get().key());
    }
    return keys;
  }

  private String write(KeySlot slot) throws MoverException {
    String id = random.name();
    store.putIfAbsent(PREFIX + id, ByteBuffer.wrap(Json.write(slot)));
    return id;
  }
}
