package io.blockmover.api.store;

/**
 * A small object, whole.
 *
 * @param bytes its content; the receiver owns the array
 * @param version the version that these bytes are
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record LoadedObject(byte[] bytes, VersionTag version) {}
