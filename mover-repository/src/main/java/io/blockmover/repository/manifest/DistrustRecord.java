package io.blockmover.repository.manifest;

/**
 * A tracker that was caught leaving out a change of this volume, and is not asked until a person
 * says that it may be trusted again.
 *
 * @param tracker its name
 * @param backup id of the backup that found it out
 * @param reason what it left out, a sentence
 */
public record DistrustRecord(String tracker, String backup, String reason) {}
