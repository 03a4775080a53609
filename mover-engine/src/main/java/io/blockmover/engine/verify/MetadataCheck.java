package io.blockmover.engine.verify;

import io.blockmover.api.CorruptData;
import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.layer.Layer;
import io.blockmover.repository.layer.LayerPack;
import io.blockmover.repository.layer.MetadataStore;
import io.blockmover.repository.pack.PackAudit;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks the metadata packs that a backup's manifest names; each once for all backups. */
final class MetadataCheck {

  private final MetadataStore metadata;
  private final boolean audit;
  private final Findings findings;
  private final VerifyTally tally;

  /** Packs that were looked at: what is wrong with them, or nothing. */
  private final Map<String, String> known = new HashMap<>();

  /**
   * @param audit read them, and not only look for them
   */
  MetadataCheck(MetadataStore metadata, boolean audit, Findings findings, VerifyTally tally) {
    this.metadata = metadata;
    this.audit = audit;
    this.findings = findings;
    this.tally = tally;
  }

  private record Named(PackKind kind, PackReference pack, List<Extent> lost) {
    String key() {
      return kind.keyOf(pack.name());
    }
  }

  void check(VerifiedBackup backup) throws MoverException {
    List<Named> packs = named(backup);
    List<String> unknown =
        packs.stream().map(Named::key).filter(key -> !known.containsKey(key)).distinct().toList();
    Map<String, Long> sizes = new Existence(metadata.store()).sizes("m/", unknown);
    for (Named named : packs) {
      String problem = known.get(named.key());
      if (problem == null) {
        problem = problem(named, sizes.get(named.key()));
        known.put(named.key(), problem);
      }
      if (!problem.isEmpty()) {
        String consequence =
            named.kind() == PackKind.MAP ? "" : "; restoring the backup does not need it";
        findings.add(named.key(), problem + consequence, backup.id(), named.lost());
      }
    }
  }

  private static List<Named> named(VerifiedBackup backup) {
    List<Named> packs = new ArrayList<>();
    for (Layer layer : backup.content().map().layers()) {
      for (LayerPack pack : layer.packs()) {
        long end = Math.min(pack.to(), backup.content().volumeBytes());
        List<Extent> lost =
            pack.from() < end ? List.of(Extent.between(pack.from(), end)) : List.of();
        packs.add(new Named(PackKind.MAP, pack.reference(), lost));
      }
    }
    for (Layer layer : backup.fingerprints()) {
      for (LayerPack pack : layer.packs()) {
        packs.add(new Named(PackKind.FINGERPRINT, pack.reference(), List.of()));
      }
    }
    backup.usage().forEach(pack -> packs.add(new Named(PackKind.USAGE, pack, List.of())));
    return packs;
  }

  private String problem(Named named, @org.jspecify.annotations.Nullable Long size)
      throws MoverException {
    tally.objects.increment();
    if (size == null) {
      return "is missing";
    }
    if (size != named.pack().sizeBytes()) {
      return "has " + size + " bytes, not " + named.pack().sizeBytes();
    }
    if (audit) {
      try {
        PackAudit.check(metadata.store(), metadata.keys(), named.kind(), named.pack());
        tally.readBytes.add(size);
      } catch (CorruptData | ObjectNotFound e) {
        return String.valueOf(e.getMessage());
      }
    }
    return "";
  }
}
