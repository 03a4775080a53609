package io.blockmover.store.s3;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.StoreRejected;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.VersionTag;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** GETs: ranges into the caller's buffer, and small objects whole. */
final class S3Reads {

  private static final int COPY_BYTES = 128 << 10;

  private final S3Calls calls;
  private final S3Location location;
  // As many as there are calls at once; a thread local would be one per virtual thread.
  private final Queue<byte[]> copyBuffers = new ConcurrentLinkedQueue<>();

  S3Reads(S3Calls calls, S3Location location) {
    this.calls = calls;
    this.location = location;
  }

  void range(String key, long offset, ByteBuffer into) throws MoverException {
    int length = into.remaining();
    long last = Math.addExact(offset, length) - 1;
    GetObjectRequest request =
        GetObjectRequest.builder()
            .bucket(location.bucket())
            .key(location.full(key))
            .range("bytes=" + offset + "-" + last)
            .overrideConfiguration(S3Calls.limit(length))
            .build();
    ByteBuffer target = into.duplicate();
    String served =
        calls.blocking(Call.READ, key, s3 -> s3.getObject(request, ranged(offset, target)));
    if (target.hasRemaining()) {
      throw wrongRange(key, offset, last, served);
    }
    into.position(into.limit());
  }

  LoadedObject whole(String key, int maxBytes) throws MoverException {
    GetObjectRequest request =
        GetObjectRequest.builder()
            .bucket(location.bucket())
            .key(location.full(key))
            .overrideConfiguration(S3Calls.limit(maxBytes))
            .build();
    Whole whole = calls.blocking(Call.READ, key, s3 -> s3.getObject(request, limited(maxBytes)));
    if (whole.bytes == null) {
      throw new CorruptData(key, "at most " + maxBytes + " bytes", "more");
    }
    if (whole.etag == null) {
      throw new StoreRejected(
          key + " came without an ETag from " + location, "this store cannot hold a repository");
    }
    return new LoadedObject(whole.bytes, new VersionTag(EtagForm.tag(whole.etag)));
  }

  /** Fills the target only if the answer is the range asked for; returns what was served. */
  private ResponseTransformer<GetObjectResponse, String> ranged(long offset, ByteBuffer target) {
    return (response, body) -> {
      int length = target.remaining();
      String range = response.contentRange() == null ? "" : response.contentRange();
      boolean asked = range.startsWith("bytes " + offset + "-" + (offset + length - 1) + "/");
      Long served = response.contentLength();
      boolean whole = range.isEmpty() && offset == 0 && served != null && served == length;
      if (!asked && !whole) {
        body.abort();
        return range.isEmpty() ? "the whole object" : range;
      }
      fill(body, target);
      return range;
    };
  }

  private void fill(AbortableInputStream body, ByteBuffer target) throws IOException {
    byte[] copy = copyBuffers.poll();
    byte[] chunk = copy == null ? new byte[COPY_BYTES] : copy;
    try {
      while (target.hasRemaining()) {
        int count = body.read(chunk, 0, Math.min(chunk.length, target.remaining()));
        if (count < 0) {
          throw new EOFException(target.remaining() + " bytes are missing at the end");
        }
        target.put(chunk, 0, count);
      }
    } finally {
      copyBuffers.add(chunk);
    }
  }

  private MoverException wrongRange(String key, long offset, long last, @Nullable String served) {
    String wanted = "bytes " + offset + "-" + last;
    if (served != null && served.startsWith("bytes " + offset + "-")) {
      return new CorruptData(key, wanted, served);
    }
    return new StoreRejected(
        location + " answered " + served + " when asked for " + wanted + " of " + key,
        "the store, or a proxy before it, ignores ranges; it cannot hold a repository");
  }

  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  private record Whole(byte @Nullable [] bytes, @Nullable String etag) {}

  private static ResponseTransformer<GetObjectResponse, Whole> limited(int maxBytes) {
    return (response, body) -> {
      Long announced = response.contentLength();
      if (announced != null && announced > maxBytes) {
        body.abort();
        return new Whole(null, response.eTag());
      }
      byte[] bytes = body.readNBytes(maxBytes);
      if (announced != null && bytes.length < announced) {
        throw new EOFException("only " + bytes.length + " of " + announced + " bytes came");
      }
      boolean more = announced == null && body.read() >= 0;
      return new Whole(more ? null : bytes, response.eTag());
    };
  }
}
