/** Micro-benchmarks of the hot loops; {@code bench/peers} compares the whole with other tools. */
@NullMarked
package io.blockmover.bench;

import org.jspecify.annotations.NullMarked;
