package io.blockmover.engine.backup;

import io.blockmover.api.Extent;

/** A stretch of the volume with what is to be done about it; what no segment covers is kept. */
record Segment(Extent extent, Cell.Action action) {}
