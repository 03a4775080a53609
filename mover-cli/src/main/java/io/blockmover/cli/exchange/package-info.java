/** Backups as files that other programs read, and such files as backups. */
@NullMarked
package io.blockmover.cli.exchange;

import org.jspecify.annotations.NullMarked;
