package io.blockmover.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.Cancelled;
import io.blockmover.api.ConditionFailed;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.StoreFull;
import io.blockmover.api.StoreRejected;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3ErrorsTest {

  private final S3Errors errors =
      new S3Errors(
          S3Location.parse(URI.create("s3://bucket/place")), "https://store.example", "us-east-1");

  /** Call, error code, status, exception, part of its advice or message. */
  static Stream<Arguments> answers() {
    return Stream.of(
        arguments(Call.PUT_IF_ABSENT, "PreconditionFailed", 412, ObjectAlreadyExists.class, "key"),
        arguments(Call.REPLACE, "PreconditionFailed", 412, ConditionFailed.class, "key"),
        arguments(Call.PUT, "PreconditionFailed", 412, StoreRejected.class, "412"),
        arguments(Call.REPLACE, "", 412, ConditionFailed.class, "key"),
        arguments(Call.REPLACE, "NoSuchKey", 404, ConditionFailed.class, "any more"),
        arguments(Call.READ, "NoSuchKey", 404, ObjectNotFound.class, "key does not exist"),
        arguments(Call.FIND, "NoSuchKey", 404, ObjectNotFound.class, "key does not exist"),
        arguments(Call.LIST, "NoSuchKey", 404, StoreRejected.class, "--s3-endpoint"),
        arguments(Call.READ, "NoSuchBucket", 404, StoreRejected.class, "no bucket bucket"),
        arguments(Call.READ, "", 404, StoreRejected.class, "not an S3 answer"),
        arguments(Call.READ, "XAdminUserNotFound", 404, AccessDenied.class, "access key"),
        arguments(Call.READ, "InvalidAccessKeyId", 403, AccessDenied.class, "access key"),
        arguments(Call.PUT, "SignatureDoesNotMatch", 403, AccessDenied.class, "secret key"),
        arguments(Call.PUT, "ExpiredToken", 400, AccessDenied.class, "get new ones"),
        arguments(Call.PUT, "InvalidToken", 400, AccessDenied.class, "get new ones"),
        arguments(Call.PUT, "AccessDenied", 403, AccessDenied.class, "may list, read, write"),
        arguments(Call.FIND, "", 403, AccessDenied.class, "may list, read, write"),
        arguments(Call.FIND, "", 401, AccessDenied.class, "may list, read, write"),
        arguments(Call.PUT, "QuotaExceeded", 403, StoreFull.class, "quota"),
        arguments(Call.PUT, "XMinioStorageFull", 507, StoreFull.class, "free space"),
        arguments(Call.PUT, "", 507, StoreFull.class, "free space"),
        arguments(Call.PUT, "SlowDown", 503, StoreUnavailable.class, "SlowDown"),
        arguments(Call.PUT, "ServiceUnavailable", 503, StoreUnavailable.class, "503"),
        arguments(Call.PUT, "TooManyRequests", 429, StoreUnavailable.class, "429"),
        arguments(Call.PUT, "", 429, StoreUnavailable.class, "429"),
        arguments(Call.PUT, "", 503, WriteOutcomeUnknown.class, "may still have been written"),
        arguments(Call.READ, "", 503, StoreUnavailable.class, "503"),
        arguments(Call.PUT, "InternalError", 500, WriteOutcomeUnknown.class, "InternalError"),
        arguments(Call.REPLACE, "", 504, WriteOutcomeUnknown.class, "504"),
        arguments(Call.DELETE, "InternalError", 500, StoreUnavailable.class, "InternalError"),
        arguments(Call.LIST, "", 502, StoreUnavailable.class, "502"),
        arguments(
            Call.REPLACE, "ConditionalRequestConflict", 409, StoreUnavailable.class, "Conflict"),
        arguments(Call.PUT, "OperationAborted", 409, StoreUnavailable.class, "409"),
        arguments(Call.PUT, "BadDigest", 400, StoreUnavailable.class, "BadDigest"),
        arguments(Call.PUT, "RequestTimeout", 400, StoreUnavailable.class, "RequestTimeout"),
        arguments(Call.PUT, "IncompleteBody", 400, StoreUnavailable.class, "IncompleteBody"),
        arguments(Call.READ, "RequestTimeTooSkewed", 403, StoreUnavailable.class, "NTP"),
        arguments(Call.READ, "PermanentRedirect", 301, StoreRejected.class, "--s3-region"),
        arguments(Call.FIND, "", 301, StoreRejected.class, "--s3-region"),
        arguments(Call.READ, "InvalidRange", 416, CorruptData.class, "ends before"),
        arguments(Call.READ, "", 416, CorruptData.class, "ends before"),
        arguments(Call.READ, "InvalidObjectState", 403, StoreRejected.class, "lifecycle"),
        arguments(Call.PUT, "InvalidStorageClass", 400, StoreRejected.class, "--s3-storage-class"),
        arguments(Call.PUT, "InvalidTag", 400, StoreRejected.class, "--s3-tags"),
        arguments(Call.PUT, "EntityTooLarge", 400, StoreRejected.class, "smaller packs"),
        arguments(Call.PUT, "KMS.DisabledException", 400, StoreRejected.class, "--s3-kms-key"),
        arguments(Call.PUT, "NotImplemented", 501, StoreRejected.class, "lacks this operation"),
        arguments(Call.PUT, "MethodNotAllowed", 405, StoreRejected.class, "lacks this operation"),
        arguments(Call.PUT, "InvalidArgument", 400, StoreRejected.class, "InvalidArgument"));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void anAnswerBecomesTheExceptionThatSaysWhatToDo(
      Call call, String code, int status, Class<? extends MoverException> type, String part) {
    MoverException translated = errors.translate(call, "key", answer(code, status, "", ""));
    assertThat(translated).isExactlyInstanceOf(type);
    assertThat(translated.getMessage() + " / " + translated.advice()).contains(part);
    assertThat(translated.getCause()).isInstanceOf(S3Exception.class);
  }

  @Test
  void theExpectedRegionIsNamedFromTheMessageOrTheHeader() {
    S3Exception malformed =
        answer(
            "AuthorizationHeaderMalformed",
            400,
            "the region 'us-east-1' is wrong; expecting 'eu-west-3'",
            "");
    assertThat(errors.translate(Call.READ, "key", malformed).advice())
        .contains("--s3-region=eu-west-3");
    S3Exception versitygw =
        answer(
            "AuthorizationHeaderMalformed",
            400,
            "the region \"us-east-1\" is wrong; expecting \"eu-west-4\"",
            "");
    assertThat(errors.translate(Call.READ, "key", versitygw).advice())
        .contains("--s3-region=eu-west-4");
    SdkHttpResponse response =
        SdkHttpResponse.builder()
            .statusCode(301)
            .putHeader("x-amz-bucket-region", "ap-south-1")
            .build();
    assertThat(
            errors
                .translate(
                    Call.FIND,
                    "key",
                    answer("", 301, "", "").toBuilder()
                        .awsErrorDetails(
                            AwsErrorDetails.builder().sdkHttpResponse(response).build())
                        .build())
                .advice())
        .contains("--s3-region=ap-south-1");
  }

  @Test
  void retryAfterIsReadAndBounded() {
    assertThat(waitOf(answer("SlowDown", 503, "", "12"))).isEqualTo(Duration.ofSeconds(12));
    assertThat(waitOf(answer("SlowDown", 503, "", "999999"))).isEqualTo(Duration.ofMinutes(10));
    assertThat(waitOf(answer("SlowDown", 503, "", "soon"))).isZero();
    assertThat(errors.translate(Call.PUT, "key", answer("", 503, "", "3")))
        .isInstanceOf(StoreUnavailable.class);
  }

  @Test
  void aMissingKeyOfAHeadHasATypeButNoCode() {
    NoSuchKeyException missing = NoSuchKeyException.builder().statusCode(404).build();
    assertThat(errors.translate(Call.FIND, "key", missing)).isInstanceOf(ObjectNotFound.class);
  }

  /** What was thrown, and what it is for a read and for a write. */
  static Stream<Arguments> silences() {
    return Stream.of(
        arguments(new ConnectException("refused"), StoreUnavailable.class, StoreUnavailable.class),
        arguments(
            new NoRouteToHostException("no route"), StoreUnavailable.class, StoreUnavailable.class),
        arguments(
            new UnknownHostException("nowhere"), StoreUnavailable.class, StoreUnavailable.class),
        arguments(
            new SSLHandshakeException("bad hello"), StoreUnavailable.class, StoreUnavailable.class),
        arguments(
            new SSLHandshakeException("PKIX").initCause(new CertificateException("unknown")),
            StoreRejected.class,
            StoreRejected.class),
        arguments(
            new SSLException("Unsupported or unrecognized SSL message"),
            StoreRejected.class,
            StoreRejected.class),
        arguments(
            new SSLException("Connection reset"),
            StoreUnavailable.class,
            WriteOutcomeUnknown.class),
        arguments(new SocketException("reset"), StoreUnavailable.class, WriteOutcomeUnknown.class),
        arguments(new EOFException("cut"), StoreUnavailable.class, WriteOutcomeUnknown.class),
        arguments(
            new IOException("Acquire operation took longer than the configured maximum time"),
            StoreUnavailable.class,
            StoreUnavailable.class),
        arguments(
            new IOException("Unable to load credentials from any of the providers"),
            AccessDenied.class,
            AccessDenied.class),
        arguments(
            new IOException("Profile file contained no credentials for profile 'x'"),
            AccessDenied.class,
            AccessDenied.class));
  }

  @ParameterizedTest
  @MethodSource("silences")
  void noAnswerIsJudgedByWhetherTheRequestCanHaveArrived(
      Throwable cause,
      Class<? extends MoverException> read,
      Class<? extends MoverException> write) {
    SdkClientException thrown = SdkClientException.create("Unable to execute", cause);
    for (Call call : List.of(Call.READ, Call.FIND, Call.LIST, Call.DELETE)) {
      assertThat(errors.translate(call, "key", thrown)).isExactlyInstanceOf(read);
    }
    for (Call call : List.of(Call.PUT, Call.PUT_IF_ABSENT, Call.REPLACE)) {
      assertThat(errors.translate(call, "key", new CompletionException(thrown)))
          .isExactlyInstanceOf(write);
    }
  }

  @Test
  void theTimeLimitOfACallIsNoInterrupt() {
    ApiCallTimeoutException limit =
        ApiCallTimeoutException.builder()
            .message("did not complete")
            .cause(new InterruptedException())
            .build();
    assertThat(errors.translate(Call.READ, "key", limit)).isInstanceOf(StoreUnavailable.class);
    assertThat(errors.translate(Call.PUT, "key", limit)).isInstanceOf(WriteOutcomeUnknown.class);
  }

  @Test
  void anInterruptIsCancelledAndKeepsTheFlag() {
    try {
      assertThat(errors.translate(Call.PUT, "key", AbortedException.create("interrupted")))
          .isInstanceOf(Cancelled.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void theSchemeIsSuspectedOnlyUntilTheFirstAnswer() {
    SdkClientException reset =
        SdkClientException.create("cut", new SocketException("Connection reset"));
    assertThat(errors.translate(Call.READ, "key", reset)).hasMessageContaining("scheme");
    errors.noteSuccess();
    assertThat(errors.translate(Call.READ, "key", reset)).hasMessageNotContaining("scheme");
  }

  @Test
  void programmingErrorsStayWhatTheyAre() {
    assertThatThrownBy(() -> errors.translate(Call.PUT, "key", new IllegalArgumentException("bug")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Duration waitOf(S3Exception answer) {
    return ((StoreUnavailable) errors.translate(Call.PUT, "key", answer)).retryAfter();
  }

  private static S3Exception answer(String code, int status, String message, String retryAfter) {
    SdkHttpResponse.Builder response = SdkHttpResponse.builder().statusCode(status);
    if (!retryAfter.isEmpty()) {
      response.putHeader("Retry-After", retryAfter);
    }
    AwsErrorDetails details =
        AwsErrorDetails.builder()
            .errorCode(code.isEmpty() ? null : code)
            .errorMessage(message)
            .sdkHttpResponse(response.build())
            .build();
    return (S3Exception)
        S3Exception.builder().statusCode(status).message(message).awsErrorDetails(details).build();
  }
}
