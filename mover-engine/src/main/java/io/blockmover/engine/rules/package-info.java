/** Rules: which trackers are asked about which volume, and how far they are believed. */
@NullMarked
package io.blockmover.engine.rules;

import org.jspecify.annotations.NullMarked;
