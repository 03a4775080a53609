/** Maps: where each byte of a volume is (repository format, section 6). */
@NullMarked
package io.blockmover.repository.map;

import org.jspecify.annotations.NullMarked;
