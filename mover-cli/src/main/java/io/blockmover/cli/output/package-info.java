/** What the command line shows: text, tables, progress and JSON. */
@NullMarked
package io.blockmover.cli.output;

import org.jspecify.annotations.NullMarked;
