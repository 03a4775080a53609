package io.blockmover.repository.key;

import io.blockmover.api.ChangeRefused;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.repository.crypto.KeySet;
import java.time.Clock;
import java.util.List;

/**
 * The passwords of an open repository. All slots hold the same keys, so that a password is added or
 * removed without touching a backup. A password that was removed opens nothing any more; but
 * whoever kept the keys that it opened still has them.
 */
public final class Keyring {

  private final KeySlots slots;
  private final OpenedKeys opened;
  private final Clock clock;

  public Keyring(KeySlots slots, OpenedKeys opened, Clock clock) {
    this.slots = slots;
    this.opened = opened;
    this.clock = clock;
  }

  /** The slots that can be parsed, in the order of their ids. */
  public List<KeySlotSummary> list() throws MoverException {
    return slots.list(opened.slot());
  }

  /**
   * Adds a password.
   *
   * @param writeOnly whether it makes backups and reads no data of any
   * @param label for the list
   * @return the id of its slot
   * @throws ChangeRefused if the keys in use cannot read, and {@code writeOnly} is false
   */
  public String add(String password, boolean writeOnly, String label) throws MoverException {
    KeySet keys = opened.keys();
    if (!writeOnly && keys.dataPrivateKey().isEmpty()) {
      throw new ChangeRefused(
          "the password in use makes backups and cannot read them, so it can add none that can",
          "add a write-only one, or use a password that reads");
    }
    return slots.add(
        writeOnly ? keys.writeOnly() : keys,
        password,
        PasswordCost.RECOMMENDED,
        label,
        clock.instant());
  }

  /**
   * Removes a slot: never the one in use, which reads, so that one that reads is always left. Two
   * who remove each other's at once both look afterwards, and whoever finds none left that reads
   * puts theirs back.
   *
   * @param name its id or the beginning of it
   * @return its id
   * @throws ChangeRefused if it is in use, if the keys in use cannot read, or if not just one slot
   *     has that name
   */
  public String remove(String name) throws MoverException {
    List<String> named = slots.ids().stream().filter(id -> id.startsWith(name)).toList();
    if (named.size() != 1) {
      throw new ChangeRefused(
          named.isEmpty()
              ? "there is no key slot '" + name + "'"
              : "'" + name + "' is the beginning of " + named.size() + " key slots",
          "see `mover keys list`");
    }
    String slot = named.getFirst();
    if (slot.equals(opened.slot())) {
      throw new ChangeRefused(
          "key slot " + slot + " is the one that the password in use opens",
          "use another password to remove it; add one first if there is none");
    }
    requireReading(slot);
    byte[] own = slots.bytes(opened.slot());
    slots.delete(slot);
    if (list().stream().allMatch(KeySlotSummary::writeOnly)) {
      slots.putBack(opened.slot(), own);
    }
    return slot;
  }

  /**
   * Replaces the password in use. If this fails after the new one was added, both open the
   * repository.
   *
   * @return the id of the new slot
   */
  public String change(String password) throws MoverException {
    KeySlotSummary old =
        list().stream()
            .filter(KeySlotSummary::inUse)
            .findFirst()
            .orElseThrow(
                () ->
                    new CorruptData(
                        "keys/" + opened.slot(), "the key slot in use", "nothing that reads"));
    boolean writeOnly = opened.keys().dataPrivateKey().isEmpty();
    String slot = add(password, writeOnly, old.label());
    slots.delete(opened.slot());
    return slot;
  }

  private void requireReading(String slot) throws ChangeRefused {
    if (opened.keys().dataPrivateKey().isEmpty()) {
      throw new ChangeRefused(
          "the password in use cannot read data, and slot " + slot + " may be the last that can",
          "use a password that reads");
    }
  }
}
