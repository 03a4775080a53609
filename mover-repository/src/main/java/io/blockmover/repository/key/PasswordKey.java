package io.blockmover.repository.key;

import io.blockmover.repository.crypto.Aead;
import java.nio.charset.StandardCharsets;
import javax.crypto.SecretKey;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id: a password becomes a key. */
final class PasswordKey {

  private static final int KEY_BYTES = 32;

  private PasswordKey() {}

  static SecretKey derive(String password, PasswordCost cost, byte[] salt) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.memoryKiB())
            .withIterations(cost.passes())
            .withParallelism(cost.lanes())
            .withSalt(salt)
            .build());
    byte[] key = new byte[KEY_BYTES];
    generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), key);
    return Aead.key(key);
  }
}
