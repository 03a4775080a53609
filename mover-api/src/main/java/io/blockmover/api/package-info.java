/**
 * What every module and every plug-in shares: extents and the exceptions, one per thing a caller
 * can do about a failure.
 */
@NullMarked
package io.blockmover.api;

import org.jspecify.annotations.NullMarked;
