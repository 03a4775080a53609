package io.blockmover.engine.device;

/**
 * What may be done to a target.
 *
 * @param force overwrite a target that holds something; never one that is in use
 * @param create make the file if there is none
 */
public record TargetOptions(boolean force, boolean create) {}
