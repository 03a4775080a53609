package io.blockmover.engine.verify;

import io.blockmover.api.source.BlockSource;
import io.blockmover.engine.MemoryProfile;
import java.util.List;
import java.util.Optional;

/**
 * What to verify and how deep.
 *
 * @param backups full ids; those that are not there are passed over, and told
 * @param device for {@link Level#DEVICE}: the volume to compare with; stays open
 */
public record VerifyRequest(
    List<String> backups, Level level, Optional<BlockSource> device, MemoryProfile memory) {

  /** How deep, each level includes the ones before. */
  public enum Level {
    /** Every object is there and has its size. */
    EXISTENCE,
    /** Maps and pack tables are authentic and agree. */
    TABLES,
    /** Every chunk is read, decrypted, decompressed and its id recomputed. */
    DATA,
    /** And the volume given holds the same bytes. */
    DEVICE
  }

  public VerifyRequest {
    backups = List.copyOf(backups);
  }
}
