/** From {@code --repo} to an opened store. */
@NullMarked
package io.blockmover.cli.location;

import org.jspecify.annotations.NullMarked;
