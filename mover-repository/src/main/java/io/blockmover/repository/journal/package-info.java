/**
 * The journal of a session: what of a volume is durable already, so that an interrupted backup can
 * go on from there (repository format, section 13).
 */
@NullMarked
package io.blockmover.repository.journal;

import org.jspecify.annotations.NullMarked;
