package io.blockmover.store.s3;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore.ObjectListing;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.VersionTag;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** One walk through a listing, page by page; the last page can be empty. */
final class S3Listing implements ObjectListing {

  private final S3Calls calls;
  private final S3Location location;
  private final String prefix;
  private final String startAfter;

  private Iterator<S3Object> page = Collections.emptyIterator();
  private @Nullable String continuation;
  private boolean more = true;

  S3Listing(S3Calls calls, S3Location location, String prefix, String startAfter) {
    this.calls = calls;
    this.location = location;
    this.prefix = prefix;
    this.startAfter = startAfter;
  }

  @Override
  public Optional<ObjectSummary> next() throws MoverException {
    while (!page.hasNext() && more) {
      loadPage();
    }
    return page.hasNext() ? Optional.of(summary(page.next())) : Optional.empty();
  }

  private void loadPage() throws MoverException {
    ListObjectsV2Request.Builder request =
        ListObjectsV2Request.builder()
            .bucket(location.bucket())
            .prefix(location.prefix() + prefix)
            .overrideConfiguration(S3Calls.limit(0));
    if (continuation != null) {
      request.continuationToken(continuation);
    } else if (!startAfter.isEmpty()) {
      request.startAfter(location.prefix() + startAfter);
    }
    ListObjectsV2Response answer =
        calls.blocking(Call.LIST, prefix, s3 -> s3.listObjectsV2(request.build()));
    page = answer.contents().iterator();
    continuation = answer.nextContinuationToken();
    more = Boolean.TRUE.equals(answer.isTruncated()) && continuation != null;
  }

  private ObjectSummary summary(S3Object object) {
    String etag = object.eTag() == null ? "" : EtagForm.tag(object.eTag());
    return new ObjectSummary(
        location.relative(object.key()),
        object.size() == null ? 0 : object.size(),
        new VersionTag(etag.isEmpty() ? "unknown" : etag),
        object.lastModified() == null ? Instant.EPOCH : object.lastModified());
  }
}
