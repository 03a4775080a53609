/** Keys and sealing: the key set, HKDF, AES-256-GCM and the wrapping of data keys. */
@NullMarked
package io.blockmover.repository.crypto;

import org.jspecify.annotations.NullMarked;
