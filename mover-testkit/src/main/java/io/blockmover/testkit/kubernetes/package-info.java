/** An API server in memory, for tests of what talks to Kubernetes. */
@NullMarked
package io.blockmover.testkit.kubernetes;

import org.jspecify.annotations.NullMarked;
