/** What backups a volume has: HEADs and lists (repository format, section 11). */
@NullMarked
package io.blockmover.repository.head;

import org.jspecify.annotations.NullMarked;
