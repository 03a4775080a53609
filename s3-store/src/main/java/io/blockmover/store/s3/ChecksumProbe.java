package io.blockmover.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.StoreReport.Finding;
import io.blockmover.api.store.StoreReport.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** Sends bodies with wrong checksums, to see which kind the store notices. */
final class ChecksumProbe {

  private static final byte[] BODY = "the body that is sent".getBytes(UTF_8);
  private static final ByteBuffer OTHER =
      ByteBuffer.wrap("the body that the checksum is of".getBytes(UTF_8));

  private final S3ObjectStore store;
  private final S3Calls calls;
  private final S3Location location;

  ChecksumProbe(S3ObjectStore store, S3Calls calls, S3Location location) {
    this.store = store;
    this.calls = calls;
    this.location = location;
  }

  /** The cheapest mode that protects; says so in {@code findings}. */
  ChecksumMode run(List<Finding> findings) throws MoverException {
    for (ChecksumMode mode : List.of(ChecksumMode.CRC32C, ChecksumMode.MD5)) {
      if (noticesWrong(mode)) {
        findings.add(
            new Finding(Level.GOOD, "checksum", "damaged uploads are refused, by " + mode));
        return mode;
      }
    }
    findings.add(
        new Finding(
            Level.WARNING,
            "checksum",
            "the store verifies neither CRC32C nor MD5: damage on the way shows only when data is"
                + " read; use `mover verify --level data`"));
    return ChecksumMode.NONE;
  }

  private boolean noticesWrong(ChecksumMode mode) throws MoverException {
    String key = "checksum-" + mode.name().toLowerCase(Locale.ROOT);
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(location.bucket())
            .key(location.full(key))
            .contentLength((long) BODY.length)
            .overrideConfiguration(S3Calls.limit(0));
    mode.addTo(request, OTHER);
    try {
      calls.awaited(
          Call.PUT,
          key,
          s3 -> s3.putObject(request.build(), AsyncRequestBody.fromBytes(BODY.clone())));
    } catch (MoverException e) {
      boolean refused =
          e.getCause() instanceof SdkServiceException answer && answer.statusCode() == 400;
      if (!refused) {
        throw e;
      }
      return store.find(key).isEmpty();
    }
    store.delete(key);
    return false;
  }
}
