/** What the launcher runs once, so that later starts are fast. */
@NullMarked
package io.blockmover.cli.training;

import org.jspecify.annotations.NullMarked;
