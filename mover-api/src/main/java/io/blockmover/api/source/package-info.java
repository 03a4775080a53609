/** Volumes as bytes: what a backup reads and a restore writes. */
@NullMarked
package io.blockmover.api.source;

import org.jspecify.annotations.NullMarked;
