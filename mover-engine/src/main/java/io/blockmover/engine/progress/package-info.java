/** What a job tells while it runs, and how it is told to stop. */
@NullMarked
package io.blockmover.engine.progress;

import org.jspecify.annotations.NullMarked;
