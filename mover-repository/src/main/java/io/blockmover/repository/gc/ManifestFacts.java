package io.blockmover.repository.gc;

import io.blockmover.api.MoverException;
import io.blockmover.repository.Repository;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.manifest.ManifestStore;
import io.blockmover.repository.manifest.PackSize;
import io.blockmover.repository.pack.PackName;
import io.blockmover.repository.pack.PackReference;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a collection must know of a manifest.
 *
 * @param metadata packs of maps, fingerprints and usage
 * @param usage what the data packs stand in
 */
record ManifestFacts(
    String key,
    String backup,
    String volume,
    String session,
    long base,
    List<PackName> metadata,
    List<PackReference> usage) {

  private static final Pattern KEY =
      Pattern.compile("s/([0-9a-f]{32})/([0-9a-f]{32})\\.[0-9a-f]{32}");

  ManifestFacts {
    metadata = List.copyOf(metadata);
    usage = List.copyOf(usage);
  }

  /** The volume in the key of a manifest; null if it is no such key. */
  static @Nullable String volumeOf(String key) {
    Matcher matcher = KEY.matcher(key);
    return matcher.matches() ? matcher.group(1) : null;
  }

  /**
   * Reads a manifest.
   *
   * @throws io.blockmover.api.ObjectNotFound if it is not there any more
   * @throws io.blockmover.api.UnsupportedFormat if it is not known what it needs
   */
  static ManifestFacts load(Repository repository, String key) throws MoverException {
    Matcher matcher = KEY.matcher(key);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a manifest: " + key);
    }
    Manifest manifest = new ManifestStore(repository.documents()).load(matcher.group(2), key);
    return new ManifestFacts(
        key,
        manifest.backup(),
        manifest.volume(),
        manifest.session(),
        manifest.base(),
        List.copyOf(manifest.metadataPacks()),
        manifest.usage().stream().map(PackSize::reference).toList());
  }
}
