package io.blockmover.repository.pack;

/**
 * A pack that is in the store.
 *
 * @param sizeBytes of the object
 */
public record PackReference(PackName name, long sizeBytes) {}
