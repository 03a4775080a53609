package io.blockmover.repository.manifest;

/**
 * How the tracker's word was tested.
 *
 * @param cursor how many cells of the volume all backups have picked so far; the next goes on there
 * @param cells picked by this backup
 * @param bytes of them, and of the borders of what was listed, that were read for it
 */
public record SampleRecord(long cursor, long cells, long bytes) {}
