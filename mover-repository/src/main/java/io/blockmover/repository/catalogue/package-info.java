/** All backups in few requests (repository format, section 12). */
@NullMarked
package io.blockmover.repository.catalogue;

import org.jspecify.annotations.NullMarked;
