/** The record of one backup (repository format, section 10). */
@NullMarked
package io.blockmover.repository.manifest;

import org.jspecify.annotations.NullMarked;
