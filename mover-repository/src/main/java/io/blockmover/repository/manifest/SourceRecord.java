package io.blockmover.repository.manifest;

import org.jspecify.annotations.Nullable;

/**
 * Where the bytes came from.
 *
 * @param kind device, file, snapshot, stream
 * @param immutableIdentity what names this very content for ever; null if it can change
 */
public record SourceRecord(String kind, String name, @Nullable String immutableIdentity) {}
