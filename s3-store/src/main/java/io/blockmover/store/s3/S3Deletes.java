package io.blockmover.store.s3;

import io.blockmover.api.MoverException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/** DELETEs, a thousand at a time where the store can. */
final class S3Deletes {

  private static final int BATCH = 1000;

  private final S3Calls calls;
  private final S3Location location;
  private volatile boolean oneByOne;

  S3Deletes(S3Calls calls, S3Location location) {
    this.calls = calls;
    this.location = location;
  }

  void one(String key) throws MoverException {
    DeleteObjectRequest request =
        DeleteObjectRequest.builder()
            .bucket(location.bucket())
            .key(location.full(key))
            .overrideConfiguration(S3Calls.limit(0))
            .build();
    calls.blocking(Call.DELETE, key, s3 -> s3.deleteObject(request));
  }

  void all(Collection<String> keys) throws MoverException {
    List<String> batch = new ArrayList<>(Math.min(BATCH, keys.size()));
    for (String key : keys) {
      batch.add(key);
      if (batch.size() == BATCH) {
        batch(batch);
        batch.clear();
      }
    }
    batch(batch);
  }

  private void batch(List<String> keys) throws MoverException {
    if (keys.size() > 1 && !oneByOne) {
      try {
        together(keys);
        return;
      } catch (MoverException e) {
        if (!lacksOperation(e.getCause())) {
          throw e;
        }
        oneByOne = true;
      }
    }
    for (String key : keys) {
      one(key);
    }
  }

  private void together(List<String> keys) throws MoverException {
    List<ObjectIdentifier> objects =
        keys.stream()
            .map(key -> ObjectIdentifier.builder().key(location.full(key)).build())
            .toList();
    DeleteObjectsRequest request =
        DeleteObjectsRequest.builder()
            .bucket(location.bucket())
            .delete(Delete.builder().objects(objects).quiet(true).build())
            .overrideConfiguration(S3Calls.limit(0))
            .build();
    String subject = keys.size() + " objects from " + keys.getFirst() + " on";
    DeleteObjectsResponse answer =
        calls.blocking(Call.DELETE, subject, s3 -> s3.deleteObjects(request));
    for (S3Error error : answer.errors()) {
      if (!"NoSuchKey".equals(error.code())) {
        throw calls
            .errors()
            .perKey(
                location.relative(error.key()),
                error.code() == null ? "" : error.code(),
                error.message() == null ? "" : error.message());
      }
    }
  }

  /** Old and small stores answer in any of these ways; single deletes then show real troubles. */
  private static boolean lacksOperation(@Nullable Throwable cause) {
    return cause instanceof SdkServiceException answer
        && (answer.statusCode() == 400 || answer.statusCode() == 405 || answer.statusCode() == 501);
  }
}
