/**
 * What tests of movers, trackers and stores share: fakes, wrappers that break things on purpose,
 * and the conformance kits that every implementation of the SPI must pass.
 */
@NullMarked
package io.blockmover.testkit;

import org.jspecify.annotations.NullMarked;
