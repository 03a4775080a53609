package io.blockmover.store.s3;

import io.blockmover.api.MoverException;
import io.blockmover.api.StoreRejected;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** PUTs: the caller's buffer as it is, in one request, with a checksum that the store verifies. */
final class S3Writes {

  // One write of the channel each: the write timeout then asks for this much in 30 s, not for all.
  private static final int SLICE_BYTES = 2 << 20;

  private final S3Calls calls;
  private final S3Location location;
  private volatile S3Options options;

  S3Writes(S3Calls calls, S3Location location, S3Options options) {
    this.calls = calls;
    this.location = location;
    this.options = options;
  }

  /** Other settings for the writes that follow. */
  void adopt(S3Options better) {
    options = better;
  }

  VersionTag put(String key, ByteBuffer body) throws MoverException {
    return send(Call.PUT, key, body, request -> {});
  }

  VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
    return send(Call.PUT_IF_ABSENT, key, body, request -> request.ifNoneMatch("*"));
  }

  VersionTag replace(String key, ByteBuffer body, VersionTag expected) throws MoverException {
    String etag = options.etagForm().ifMatch(expected.value());
    return send(Call.REPLACE, key, body, request -> request.ifMatch(etag));
  }

  private VersionTag send(
      Call call, String key, ByteBuffer body, Consumer<PutObjectRequest.Builder> condition)
      throws MoverException {
    S3Options.WriteHeaders headers = options.writeHeaders();
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(location.bucket())
            .key(location.full(key))
            .contentLength((long) body.remaining())
            .contentType("application/octet-stream")
            .serverSideEncryption(headers.encryption())
            .ssekmsKeyId(headers.kmsKey())
            .storageClass(headers.storageClass())
            .tagging(headers.tagging())
            .overrideConfiguration(S3Calls.limit(body.remaining()));
    condition.accept(request);
    options.checksum().addTo(request, body);
    PutObjectResponse answer =
        calls.awaited(
            call,
            key,
            s3 ->
                s3.putObject(
                    request.build(), AsyncRequestBody.fromByteBuffersUnsafe(slices(body))));
    if (answer.eTag() == null) {
      throw new StoreRejected(
          key + " was written to " + location + ", but came back without an ETag",
          "this store cannot hold a repository");
    }
    return new VersionTag(EtagForm.tag(answer.eTag()));
  }

  private static ByteBuffer[] slices(ByteBuffer body) {
    int count = Math.max(1, Math.ceilDiv(body.remaining(), SLICE_BYTES));
    ByteBuffer[] slices = new ByteBuffer[count];
    for (int i = 0; i < count; i++) {
      int start = i * SLICE_BYTES;
      int length = Math.min(SLICE_BYTES, body.remaining() - start);
      slices[i] = body.slice(body.position() + start, length);
    }
    return slices;
  }
}
