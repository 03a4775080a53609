/** Repositories that earlier versions wrote, and that must stay readable for ever. */
@NullMarked
package io.blockmover.engine.golden;

import org.jspecify.annotations.NullMarked;
