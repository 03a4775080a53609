/** Standard input and output as volumes, and volumes that are read slowly on purpose. */
@NullMarked
package io.blockmover.cli.stream;

import org.jspecify.annotations.NullMarked;
