/** Small sealed JSON documents (repository format, section 3). */
@NullMarked
package io.blockmover.repository.document;

import org.jspecify.annotations.NullMarked;
