package io.blockmover.engine.fetch;

import io.blockmover.api.store.ObjectStore;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.map.LayeredMap;
import io.blockmover.repository.pack.DataKeys;
import java.util.List;
import java.util.function.Supplier;

/**
 * All that is needed to read the bytes of one backup.
 *
 * @param backup its id
 * @param volume its name
 * @param chunkBytes the longest chunk
 * @param relocation tells where it is when something has gone
 * @param states opens what is known of its pieces, from the first piece on
 */
public record StoredBackup(
    MetadataStore metadata,
    DataKeys dataKeys,
    String backup,
    String volume,
    int chunkBytes,
    LayeredMap map,
    Relocation relocation,
    Supplier<PieceStates> states) {

  private static final int ALIGNMENT = 4096;
  private static final int MAX_CHUNK_BYTES = 4 << 20;

  /** Small chunks are opened behind each other up to here, and written by one call. */
  private static final int RUN_BYTES = 2 << 20;

  /** Room that the header and the tag of a record take, and more. */
  private static final int RECORD_EXTRA_BYTES = 64 << 10;

  /** An empty volume with the longest chunks that a repository may have. */
  public static StoredBackup ofNothing(MetadataStore metadata, DataKeys dataKeys) {
    return new StoredBackup(
        metadata,
        dataKeys,
        "",
        "",
        MAX_CHUNK_BYTES,
        new LayeredMap(metadata, List.of(), 0),
        Relocation.NONE,
        () -> PieceStates.UNKNOWN);
  }

  public long volumeBytes() {
    return map.volumeBytes();
  }

  public ObjectStore store() {
    return metadata.store();
  }

  /** Finds what has been moved since the map was read; one for all fetches of a run. */
  public MovedChunkFinder moved() {
    return new MovedChunkFinder(map, relocation);
  }

  /** Its map, window by window. */
  public MapWindows windows(MapDamage damage) {
    return new MapWindows(metadata, map, damage, relocation);
  }

  /**
   * How large a team reads it.
   *
   * @param packBytes size of packs, for which memory is reckoned
   */
  public FetchTeam.Size teamSize(int threads, int packBytes) {
    int chunk = Math.ceilDiv(chunkBytes, ALIGNMENT) * ALIGNMENT;
    return new FetchTeam.Size(
        threads,
        Math.max(packBytes / 4, chunk) + RECORD_EXTRA_BYTES,
        Math.max(RUN_BYTES, chunk) + 2 * ALIGNMENT);
  }
}
