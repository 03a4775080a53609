package io.blockmover.engine.restore;

import io.blockmover.api.Extent;

/**
 * A part of the volume that could not be restored; the target holds there what it held before.
 *
 * @param object that is damaged or missing
 * @param problem a sentence for the user
 */
public record LostExtent(Extent extent, String object, String problem) {}
