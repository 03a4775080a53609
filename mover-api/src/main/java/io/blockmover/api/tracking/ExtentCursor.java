package io.blockmover.api.tracking;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stream of extents: ascending, disjoint, within the volume. Bounded memory, whatever its length.
 * Not thread-safe.
 */
public interface ExtentCursor extends AutoCloseable {

  /**
   * The next extent, or null at the end. After an exception or the end, only {@link #close()} may
   * be called.
   *
   * @throws io.blockmover.api.TrackingInterrupted if the stream broke and can be opened again at
   *     the offset named
   * @throws io.blockmover.api.TrackingUnavailable if it cannot be answered to the end; what was
   *     delivered must not be taken for the whole
   */
  @Nullable Extent next() throws MoverException;

  /** Frees what the stream holds. Repeating is harmless. */
  @Override
  void close();

  /** A cursor over extents that are known already. */
  static ExtentCursor of(List<Extent> extents) {
    Iterator<Extent> iterator = List.copyOf(extents).iterator();
    return new ExtentCursor() {
      @Override
      public @Nullable Extent next() {
        return iterator.hasNext() ? iterator.next() : null;
      }

      @Override
      public void close() {}
    };
  }
}
