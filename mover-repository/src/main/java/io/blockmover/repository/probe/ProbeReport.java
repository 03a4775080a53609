package io.blockmover.repository.probe;

/**
 * What the probe found.
 *
 * @param finding a sentence for a person
 * @param versionTag an example of the store's version tags
 */
public record ProbeReport(StoreClass storeClass, String finding, String versionTag) {}
