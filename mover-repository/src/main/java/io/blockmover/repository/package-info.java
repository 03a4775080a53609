/** The repository on object storage; docs/repository-format.md is its specification. */
@NullMarked
package io.blockmover.repository;

import org.jspecify.annotations.NullMarked;
