/** What {@code mover cbt} prints and compares, like the reference tools. */
@NullMarked
package io.blockmover.cli.cbt;

import org.jspecify.annotations.NullMarked;
