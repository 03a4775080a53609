package io.blockmover.testkit;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore.ObjectListing;
import io.blockmover.api.store.ObjectSummary;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** A listing fetched page by page while it is iterated, as an S3 listing is. */
final class PagedListing implements ObjectListing {

  private final String prefix;
  private final int pageKeys;
  private final PageSource pages;
  private String last;
  private Iterator<ObjectSummary> page = List.<ObjectSummary>of().iterator();
  private boolean finished;

  PagedListing(String prefix, String startAfter, int pageKeys, PageSource pages) {
    this.prefix = prefix;
    this.last = startAfter;
    this.pageKeys = pageKeys;
    this.pages = pages;
  }

  @Override
  public Optional<ObjectSummary> next() throws MoverException {
    if (!page.hasNext() && !finished) {
      List<ObjectSummary> fetched = pages.fetch(prefix, last);
      finished = fetched.size() < pageKeys;
      page = fetched.iterator();
    }
    if (!page.hasNext()) {
      return Optional.empty();
    }
    ObjectSummary next = page.next();
    last = next.key();
    return Optional.of(next);
  }

  /** One page of a listing: at most as many keys as fit a page, after a key. */
  interface PageSource {
    List<ObjectSummary> fetch(String prefix, String startAfter) throws MoverException;
  }
}
