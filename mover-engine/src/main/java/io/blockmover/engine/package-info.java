/**
 * Moves bytes between volumes and a repository. {@code backup}, {@code restore} and {@code verify}
 * are the jobs, {@code device} the volumes, {@code progress} what can be watched and stopped.
 */
@NullMarked
package io.blockmover.engine;

import org.jspecify.annotations.NullMarked;
