/** Which backups of a volume a policy keeps. */
@NullMarked
package io.blockmover.repository.retention;

import org.jspecify.annotations.NullMarked;
