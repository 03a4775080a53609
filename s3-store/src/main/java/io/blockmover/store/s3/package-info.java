/**
 * Object stores that speak S3, on the AWS SDK for Java v2: bytes under keys, nothing of packs. Each
 * request is sent once; {@code S3Errors} is the one place where answers become exceptions.
 */
@NullMarked
package io.blockmover.store.s3;

import org.jspecify.annotations.NullMarked;
