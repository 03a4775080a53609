/** The {@code mover} command: options, wiring and exit codes. */
@NullMarked
package io.blockmover.cli;

import org.jspecify.annotations.NullMarked;
