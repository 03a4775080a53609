/** What an administrator sets, and where the controller runs. */
@NullMarked
package io.blockmover.velero.settings;

import org.jspecify.annotations.NullMarked;
