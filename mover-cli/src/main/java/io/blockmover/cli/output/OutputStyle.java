package io.blockmover.cli.output;

/**
 * How a command speaks.
 *
 * @param json results as JSON
 * @param quiet results only
 * @param verbosity how many times {@code -v} was given
 * @param columns width of the terminal that standard error is, 0 if it is none
 */
public record OutputStyle(boolean json, boolean quiet, int verbosity, int columns) {}
