package io.blockmover.repository.key;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
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

  /** Adds a slot that a password opens. */
  public void add(KeySet keys, String password, PasswordCost cost, String label, Instant created)
      throws MoverException {
    write(KeySlot.wrap(keys, repository, password, cost, label, created, random));
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
  public KeySet open(@Nullable String password, boolean encrypted, byte[] lineage)
      throws MoverException {
    Optional<KeySet> found = Optional.empty();
    CorruptData damage = null;
    List<String> slots = slots();
    for (String key : slots) {
      Optional<KeySet> keys = Optional.empty();
      try {
        keys = tryOpen(key, password, encrypted);
      } catch (CorruptData e) {
        damage = e;
      }
      keys = keys.filter(k -> Arrays.equals(k.lineage(), lineage));
      if (keys.isPresent() && keys.get().dataPrivateKey().isPresent()) {
        return keys.get();
      }
      if (found.isEmpty()) {
        found = keys;
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
    KeySlot slot = Json.read(store.load(key, MAX_SLOT_BYTES).bytes(), KeySlot.class, key);
    if (KeySlot.NONE.equals(slot.kdf())) {
      KeySetJson open = slot.keys();
      return encrypted || open == null ? Optional.empty() : Optional.of(open.toKeySet(key));
    }
    if (!KeySlot.ARGON2ID.equals(slot.kdf()) || password == null) {
      return Optional.empty();
    }
    return slot.unwrap(key, repository, password);
  }

  private List<String> slots() throws MoverException {
    List<String> keys = new ArrayList<>();
    ObjectStore.ObjectListing listing = store.list(PREFIX, "");
    for (Optional<ObjectSummary> slot = listing.next(); slot.isPresent(); slot = listing.next()) {
      keys.add(slot.get().key());
    }
    return keys;
  }

  private void write(KeySlot slot) throws MoverException {
    store.putIfAbsent(PREFIX + random.name(), ByteBuffer.wrap(Json.write(slot)));
  }
}
