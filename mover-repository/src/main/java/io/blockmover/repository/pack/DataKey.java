package io.blockmover.repository.pack;

import io.blockmover.repository.crypto.DataKeyWrap;
import io.blockmover.repository.crypto.KeySet;
import java.security.SecureRandom;

/**
 * The data key of one run, with the wrapped form that stands in the header of each of its packs.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record DataKey(byte[] key, byte[] wrapped) {

  static DataKey draw(KeySet keys, PackNames names, SecureRandom random) {
    byte[] key = new byte[32];
    random.nextBytes(key);
    return new DataKey(key, DataKeyWrap.wrap(keys, names.sessionAndRun(), key, random));
  }
}
