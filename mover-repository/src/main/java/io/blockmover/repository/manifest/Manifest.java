package io.blockmover.repository.manifest;

import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.LayerPack;
import io.blockmover.repository.pack.PackName;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The record of one backup: all that a restore needs to begin. Its members are those of the JSON.
 *
 * @param requires features that a reader must know
 * @param base HEAD.seq that it was built on: it can be committed only while HEAD has this seq
 * @param parent id of the backup it was compared with; nothing is ever looked up there
 * @param map layers, oldest first
 * @param fingerprints layers, oldest first
 * @param index names of index segments that this session wrote
 * @param badBlocks what could not be read, and is zeros in this backup
 * @param statistics numbers, information only
 */
public record Manifest(
    int version,
    List<String> requires,
    String backup,
    String volume,
    String session,
    long base,
    @Nullable String parent,
    long volumeBytes,
    int chunkBytes,
    int pieceBytes,
    Instant started,
    Instant finished,
    String host,
    String program,
    List<Layer> map,
    List<Layer> fingerprints,
    List<PackSize> usage,
    List<String> index,
    TrackerRecord tracker,
    SourceRecord source,
    List<String> tags,
    List<BadBlock> badBlocks,
    Map<String, Long> statistics) {

  public static final int VERSION = 1;

  @SuppressWarnings("NullAway") // JSON may lack them
  public Manifest {
    requires = requires == null ? List.of() : List.copyOf(requires);
    map = map == null ? List.of() : List.copyOf(map);
    fingerprints = fingerprints == null ? List.of() : List.copyOf(fingerprints);
    usage = usage == null ? List.of() : List.copyOf(usage);
    index = index == null ? List.of() : List.copyOf(index);
    tags = tags == null ? List.of() : List.copyOf(tags);
    badBlocks = badBlocks == null ? List.of() : List.copyOf(badBlocks);
    statistics = statistics == null ? Map.of() : Map.copyOf(statistics);
  }

  /** The same, built on another seq. */
  public Manifest withBase(long seq) {
    return with(session, seq, map, usage);
  }

  /** The same backup in other packs, written by another session. */
  public Manifest movedTo(String newSession, List<Layer> newMap, List<PackSize> newUsage) {
    return with(newSession, base, newMap, newUsage);
  }

  private Manifest with(
      String newSession, long newBase, List<Layer> newMap, List<PackSize> newUsage) {
    return new Manifest(
        version,
        requires,
        backup,
        volume,
        newSession,
        newBase,
        parent,
        volumeBytes,
        chunkBytes,
        pieceBytes,
        started,
        finished,
        host,
        program,
        newMap,
        fingerprints,
        newUsage,
        index,
        tracker,
        source,
        tags,
        badBlocks,
        statistics);
  }

  /** The packs that it names itself: maps, fingerprints, usage. Data packs are in the usage. */
  public Set<PackName> metadataPacks() {
    Set<PackName> names = new LinkedHashSet<>();
    for (List<Layer> layers : List.of(map, fingerprints)) {
      for (Layer layer : layers) {
        for (LayerPack pack : layer.packs()) {
          names.add(PackName.parse(pack.name()));
        }
      }
    }
    for (PackSize pack : usage) {
      names.add(PackName.parse(pack.name()));
    }
    return names;
  }
}
