/** Backup: device to repository. */
@NullMarked
package io.blockmover.engine.backup;

import org.jspecify.annotations.NullMarked;
