/** Usage: which packs a backup needs, and how much of them (repository format, section 8). */
@NullMarked
package io.blockmover.repository.usage;

import org.jspecify.annotations.NullMarked;
