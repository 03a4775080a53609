/**
 * What maps and fingerprints share: layers, made of metadata packs, made of leaves of ascending
 * rows (repository format, sections 6 and 7).
 */
@NullMarked
package io.blockmover.repository.layer;

import org.jspecify.annotations.NullMarked;
