package io.blockmover.repository.usage;

import io.blockmover.repository.pack.PackName;

/**
 * What a backup needs of one data pack.
 *
 * @param sizeBytes of the object; 0 if no row said
 * @param referencedBytes sum of the lengths of the map entries that lie in it
 */
public record UsageRow(PackName pack, long sizeBytes, long referencedBytes) {}
