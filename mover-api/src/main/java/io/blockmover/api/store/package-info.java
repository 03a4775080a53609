/** The object store under a repository: bytes under keys, nothing of packs. */
@NullMarked
package io.blockmover.api.store;

import org.jspecify.annotations.NullMarked;
