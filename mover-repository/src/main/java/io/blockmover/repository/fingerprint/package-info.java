/**
 * Fingerprints: how an unchanged piece of a volume is recognised without its chunk (repository
 * format, section 7).
 */
@NullMarked
package io.blockmover.repository.fingerprint;

import org.jspecify.annotations.NullMarked;
