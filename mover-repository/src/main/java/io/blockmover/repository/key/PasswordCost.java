package io.blockmover.repository.key;

/**
 * What one guess of a password costs, with Argon2id.
 *
 * @param memoryKiB from 8 per lane to 256 MiB
 * @param passes from 1 to 16
 * @param lanes from 1 to 64
 */
public record PasswordCost(int memoryKiB, int passes, int lanes) {

  /** OWASP's first recommendation. */
  public static final PasswordCost RECOMMENDED = new PasswordCost(47104, 1, 1);

  /**
   * @throws IllegalArgumentException if out of range: a planted slot must not take all memory
   */
  public PasswordCost {
    if (lanes < 1
        || lanes > 64
        || memoryKiB < 8 * lanes
        || memoryKiB > 256 << 10
        || passes < 1
        || passes > 16) {
      throw new IllegalArgumentException(
          "not a cost: " + memoryKiB + " KiB, " + passes + " passes, " + lanes + " lanes");
    }
  }
}
