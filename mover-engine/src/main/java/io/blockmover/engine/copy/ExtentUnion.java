package io.blockmover.engine.copy;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ExtentCursor;
import org.jspecify.annotations.Nullable;

/** What one stream of extents or another lists; those that touch or overlap become one. */
final class ExtentUnion implements ExtentCursor {

  private final Ahead first;
  private final Ahead second;

  ExtentUnion(ExtentCursor first, ExtentCursor second) {
    this.first = new Ahead(first);
    this.second = new Ahead(second);
  }

  @Override
  public @Nullable Extent next() throws MoverException {
    Extent found = earlier();
    if (found == null) {
      return null;
    }
    for (Extent more = peekEarlier(); more != null && more.offset() <= found.end(); ) {
      found = Extent.between(found.offset(), Math.max(found.end(), more.end()));
      earlier();
      more = peekEarlier();
    }
    return found;
  }

  private @Nullable Extent peekEarlier() throws MoverException {
    Extent one = first.peek();
    Extent other = second.peek();
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.offset() <= other.offset() ? one : other;
  }

  private @Nullable Extent earlier() throws MoverException {
    Extent next = peekEarlier();
    if (next != null) {
      (next.equals(first.peek()) ? first : second).drop();
    }
    return next;
  }

  @Override
  public void close() {
    first.cursor.close();
    second.cursor.close();
  }

  private static final class Ahead {
    private final ExtentCursor cursor;
    private @Nullable Extent next;
    private boolean known;

    Ahead(ExtentCursor cursor) {
      this.cursor = cursor;
    }

    @Nullable Extent peek() throws MoverException {
      if (!known) {
        known = true;
        next = cursor.next();
      }
      return next;
    }

    void drop() {
      known = false;
    }
  }
}
