/** Brings objects, one step at a time, to where they shall be, from whatever state they are in. */
@NullMarked
package io.blockmover.velero.controller;

import org.jspecify.annotations.NullMarked;
