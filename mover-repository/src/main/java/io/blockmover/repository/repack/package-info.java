/** Packs of which little is needed any more are written anew, without what nobody needs. */
@NullMarked
package io.blockmover.repository.repack;

import org.jspecify.annotations.NullMarked;
