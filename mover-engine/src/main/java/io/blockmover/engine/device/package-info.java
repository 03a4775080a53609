/**
 * Block devices and image files as volumes, on Linux, by system calls through the FFM API.
 *
 * <p>Everything is read and written past the page cache (O_DIRECT) where the file system allows it:
 * a backup then sees what is on the device, even if another node wrote it, and pushes nothing else
 * out of memory. Start at {@link io.blockmover.engine.device.Devices}.
 */
@NullMarked
package io.blockmover.engine.device;

import org.jspecify.annotations.NullMarked;
