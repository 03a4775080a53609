package io.blockmover.repository.key;

import io.blockmover.repository.crypto.KeySet;

/**
 * The keys, and where they were found.
 *
 * @param slot the id of the slot that was opened
 */
public record OpenedKeys(String slot, KeySet keys) {}
