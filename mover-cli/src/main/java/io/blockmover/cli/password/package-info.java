/** Where the password comes from. */
@NullMarked
package io.blockmover.cli.password;

import org.jspecify.annotations.NullMarked;
