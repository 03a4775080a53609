/** Backups of one repository as backups of another. */
@NullMarked
package io.blockmover.engine.copy;

import org.jspecify.annotations.NullMarked;
