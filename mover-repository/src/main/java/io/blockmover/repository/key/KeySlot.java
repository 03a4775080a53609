package io.blockmover.repository.key;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.blockmover.api.CorruptData;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.crypto.Aead;
import io.blockmover.repository.crypto.KeySet;
import io.blockmover.repository.document.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The key set, wrapped for one password; its members are those of the JSON. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@SuppressWarnings("ArrayRecordComponent") // read and written, never compared
record KeySlot(
    int version,
    String label,
    Instant created,
    String kdf,
    @Nullable Integer memoryKiB,
    @Nullable Integer passes,
    @Nullable Integer lanes,
    byte @Nullable [] salt,
    byte @Nullable [] wrapped,
    @Nullable KeySetJson keys,
    @Nullable String grants) {

  static final int VERSION = 1;
  static final String ARGON2ID = "argon2id";
  static final String NONE = "none";

  /** What {@code grants} says of a key set without the private key; it is only said, not proven. */
  static final String WRITE = "write";

  private static final int SALT_BYTES = 16;

  /** A slot that a password opens. */
  static KeySlot wrap(
      KeySet keys,
      String repository,
      String password,
      PasswordCost cost,
      String label,
      Instant created,
      Randomness random) {
    byte[] salt = random.bytes(SALT_BYTES);
    byte[] nonce = random.bytes(Aead.NONCE_BYTES);
    byte[] sealed =
        new Aead()
            .seal(
                PasswordKey.derive(password, cost, salt),
                nonce,
                associated(repository),
                Json.write(KeySetJson.of(keys)));
    byte[] wrapped =
        ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
    return new KeySlot(
        VERSION,
        label,
        created,
        ARGON2ID,
        cost.memoryKiB(),
        cost.passes(),
        cost.lanes(),
        salt,
        wrapped,
        null,
        keys.dataPrivateKey().isPresent() ? null : WRITE);
  }

  /** A slot that is open to everybody. */
  static KeySlot open(KeySet keys, String label, Instant created) {
    return new KeySlot(
        VERSION, label, created, NONE, null, null, null, null, null, KeySetJson.of(keys), null);
  }

  /** The keys, or empty if the password is of another slot. */
  Optional<KeySet> unwrap(String slotKey, String repository, String password) throws CorruptData {
    if (salt == null
        || wrapped == null
        || memoryKiB == null
        || passes == null
        || lanes == null
        || wrapped.length < Aead.NONCE_BYTES + Aead.TAG_BYTES) {
      throw new CorruptData(slotKey, "a wrapped key set", "no such members");
    }
    PasswordCost cost;
    try {
      cost = new PasswordCost(memoryKiB, passes, lanes);
    } catch (IllegalArgumentException e) {
      throw new CorruptData(
          slotKey, "costs of a password in range", String.valueOf(e.getMessage()), e);
    }
    byte[] nonce = Arrays.copyOf(wrapped, Aead.NONCE_BYTES);
    ByteBuffer sealed = ByteBuffer.wrap(wrapped, nonce.length, wrapped.length - nonce.length);
    ByteBuffer out = ByteBuffer.allocate(sealed.remaining() - Aead.TAG_BYTES);
    boolean opened =
        new Aead()
            .open(
                PasswordKey.derive(password, cost, salt),
                nonce,
                associated(repository),
                sealed,
                out);
    return opened
        ? Optional.of(Json.read(out.array(), KeySetJson.class, slotKey).toKeySet(slotKey))
        : Optional.empty();
  }

  private static byte[] associated(String repository) {
    return ("blockmover/1 key set" + repository).getBytes(StandardCharsets.US_ASCII);
  }

  /** Never shows a key. */
  @Override
  public String toString() {
    return "KeySlot " + label;
  }
}
