/** The demonstration: a disk image to play with. */
@NullMarked
package io.blockmover.cli.demo;

import org.jspecify.annotations.NullMarked;
