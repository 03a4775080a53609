package io.blockmover.store.s3;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.StoreRejected;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.StoreProperties;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;

/** Objects below a prefix of a bucket. */
final class S3ObjectStore implements ObjectStore {

  private final S3Location location;
  private final S3Options options;
  private final StoreProperties properties;
  private final S3Clients clients;
  private final S3Calls calls;
  private final S3Reads reads;
  private final S3Writes writes;
  private final S3Deletes deletes;

  S3ObjectStore(S3Location location, S3Options options, S3Clients clients, S3Errors errors) {
    this.location = location;
    this.options = options;
    this.clients = clients;
    this.properties =
        new StoreProperties(
            options.maxConcurrency(), options.putIfAbsent(), options.compareAndSwap(), false);
    this.calls = new S3Calls(clients, errors, options.maxConcurrency());
    this.reads = new S3Reads(calls, location);
    this.writes = new S3Writes(calls, location, options);
    this.deletes = new S3Deletes(calls, location);
  }

  @Override
  public StoreProperties properties() {
    return properties;
  }

  @Override
  public String location() {
    return location.toString();
  }

  @Override
  public VersionTag put(String key, ByteBuffer body) throws MoverException {
    return writes.put(key, body);
  }

  @Override
  public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
    if (!properties.putIfAbsent()) {
      throw new IllegalStateException(location + " has no atomic put-if-absent");
    }
    return writes.putIfAbsent(key, body);
  }

  @Override
  public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
      throws MoverException {
    if (!properties.compareAndSwap()) {
      throw new IllegalStateException(location + " has no atomic compare-and-swap");
    }
    return writes.replace(key, body, expected);
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws MoverException {
    if (offset < 0) {
      throw new IllegalArgumentException("offset is " + offset);
    }
    if (into.hasRemaining()) {
      reads.range(key, offset, into);
      return;
    }
    // HTTP cannot ask for zero bytes.
    ObjectSummary object =
        find(key).orElseThrow(() -> new ObjectNotFound(key + " does not exist in " + location, ""));
    if (object.sizeBytes() < offset) {
      throw new CorruptData(key, "at least " + offset + " bytes", "only " + object.sizeBytes());
    }
  }

  @Override
  public LoadedObject load(String key, int maxBytes) throws MoverException {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("maxBytes is " + maxBytes);
    }
    return reads.whole(key, maxBytes);
  }

  @Override
  public Optional<ObjectSummary> find(String key) throws MoverException {
    HeadObjectRequest request =
        HeadObjectRequest.builder()
            .bucket(location.bucket())
            .key(location.full(key))
            .overrideConfiguration(S3Calls.limit(0))
            .build();
    try {
      return Optional.of(
          summary(key, calls.blocking(Call.FIND, key, s3 -> s3.headObject(request))));
    } catch (ObjectNotFound e) {
      requireBucket();
      return Optional.empty();
    } catch (MoverException e) {
      if (e.getCause() instanceof SdkServiceException answer && answer.statusCode() < 500) {
        // Answers to HEAD have no body and so no reason; a listing fails in the same way, with one.
        requireBucketAgain();
      }
      throw e;
    }
  }

  @Override
  public ObjectListing list(String prefix, String startAfter) {
    calls.requireOpen();
    return new S3Listing(calls, location, prefix, startAfter);
  }

  @Override
  public void delete(String key) throws MoverException {
    deletes.one(key);
  }

  @Override
  public void deleteAll(Collection<String> keys) throws MoverException {
    deletes.all(keys);
  }

  @Override
  public void adopt(Map<String, String> learned) {
    S3Options better = Learned.with(options, learned, calls.errors().server());
    writes.adopt(better);
    clients.adopt(better);
  }

  @Override
  public void close() {
    clients.close();
  }

  /** HEAD says "not found" for a missing bucket or an unknown user, too. */
  private void requireBucket() throws MoverException {
    if (!calls.errors().everAnswered()) {
      requireBucketAgain();
    }
  }

  private void requireBucketAgain() throws MoverException {
    ListObjectsV2Request request =
        ListObjectsV2Request.builder()
            .bucket(location.bucket())
            .prefix(location.prefix())
            .maxKeys(1)
            .overrideConfiguration(S3Calls.limit(0))
            .build();
    calls.blocking(Call.LIST, "", s3 -> s3.listObjectsV2(request));
  }

  private ObjectSummary summary(String key, HeadObjectResponse head) throws MoverException {
    if (head.eTag() == null || head.contentLength() == null) {
      throw new StoreRejected(
          key + " came without ETag or size from " + location,
          "this store cannot hold a repository");
    }
    return new ObjectSummary(
        key,
        head.contentLength(),
        new VersionTag(EtagForm.tag(head.eTag())),
        head.lastModified() == null ? Instant.EPOCH : head.lastModified());
  }
}
