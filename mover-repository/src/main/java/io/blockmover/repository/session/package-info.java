/** Heartbeats of sessions, and finding what can be resumed (repository format, section 13). */
@NullMarked
package io.blockmover.repository.session;

import org.jspecify.annotations.NullMarked;
