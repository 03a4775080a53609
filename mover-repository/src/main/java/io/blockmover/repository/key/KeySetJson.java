package io.blockmover.repository.key;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.blockmover.api.CorruptData;
import io.blockmover.repository.crypto.KeySet;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The key set as it is stored. */
@SuppressWarnings("ArrayRecordComponent") // read and written, never compared
record KeySetJson(
    String lineage,
    byte[] chunkIdKey,
    byte[] fingerprintKey,
    byte[] metadataKey,
    byte[] dataPublicKey,
    @JsonInclude(JsonInclude.Include.NON_NULL) byte @Nullable [] dataPrivateKey) {

  static KeySetJson of(KeySet keys) {
    return new KeySetJson(
        HexFormat.of().formatHex(keys.lineage()),
        keys.chunkIdKey(),
        keys.fingerprintKey(),
        keys.metadataKey(),
        keys.dataPublicKey(),
        keys.dataPrivateKey().orElse(null));
  }

  KeySet toKeySet(String slotKey) throws CorruptData {
    try {
      return new KeySet(
          HexFormat.of().parseHex(lineage),
          chunkIdKey,
          fingerprintKey,
          metadataKey,
          dataPublicKey,
          Optional.ofNullable(dataPrivateKey));
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new CorruptData(slotKey, "a key set", String.valueOf(e.getMessage()), e);
    }
  }

  /** Never shows a key. */
  @Override
  public String toString() {
    return "KeySetJson " + lineage;
  }
}
