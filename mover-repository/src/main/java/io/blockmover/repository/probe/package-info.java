/** Finds out what a store's conditional writes are worth. */
@NullMarked
package io.blockmover.repository.probe;

import org.jspecify.annotations.NullMarked;
