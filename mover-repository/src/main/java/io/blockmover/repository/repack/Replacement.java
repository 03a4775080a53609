package io.blockmover.repository.repack;

import io.blockmover.api.MoverException;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.NeededPacks;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.PackSize;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;
import io.blockmover.repository.usage.UsageReader;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is to take the place of a manifest: the same backup, in other packs.
 *
 * @param replaced key of the manifest
 * @param manifest whose base is set by the commit
 */
record Replacement(String replaced, Manifest manifest) {

  /** Those of some packs that it needs. */
  Set<PackName> neededOf(Repository repository, SortedSet<PackName> packs) throws MoverException {
    Set<PackName> needed = new TreeSet<>(manifest.metadataPacks());
    needed.retainAll(packs);
    List<PackReference> usage = manifest.usage().stream().map(PackSize::reference).toList();
    NeededPacks data =
        names -> new UsageReader(repository.metadata(), usage).neededOf(names.iterator());
    needed.addAll(data.neededOf(packs));
    return needed;
  }
}
