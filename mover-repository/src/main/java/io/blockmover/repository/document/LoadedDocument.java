package io.blockmover.repository.document;

import io.blockmover.api.store.VersionTag;

/**
 * A document as it was at one moment.
 *
 * @param sha256 hex of the object's bytes
 */
public record LoadedDocument<T>(T content, VersionTag version, String sha256) {}
