package io.blockmover.repository.commit;

import io.blockmover.repository.manifest.Manifest;

/**
 * A backup that is ready to be committed.
 *
 * @param manifest its {@code base} is set by the commit
 * @param storedBytes what the backup added to the repository
 * @param dataPacks the packs in its usage
 */
public record ManifestDraft(Manifest manifest, long storedBytes, NeededPacks dataPacks) {}
