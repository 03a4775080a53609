package io.blockmover.store.s3;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * What a server said when it refused, read out of the SDK's exceptions. Any part of it may be
 * missing: answers to HEAD have no body, proxies send HTML.
 */
record S3Answer(SdkServiceException exception) {

  int status() {
    return exception.statusCode();
  }

  /** The error code; empty if there is none. */
  String code() {
    if (exception instanceof NoSuchKeyException) {
      return "NoSuchKey";
    }
    if (exception instanceof NoSuchBucketException) {
      return "NoSuchBucket";
    }
    AwsErrorDetails details = details();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  /** All that it said, on one line. */
  String reason() {
    AwsErrorDetails details = details();
    String message =
        details == null || details.errorMessage() == null ? "" : details.errorMessage();
    String code = code();
    StringBuilder text = new StringBuilder("HTTP ").append(status());
    if (!code.isEmpty()) {
      text.append(' ').append(code);
    }
    if (!message.isBlank() && !message.equals(code)) {
      text.append(" (").append(message.strip()).append(')');
    }
    if (exception.requestId() != null) {
      text.append(", request ").append(exception.requestId());
    }
    return text.toString();
  }

  /** The message; empty if there is none. */
  String message() {
    return exception.getMessage() == null ? "" : exception.getMessage();
  }

  /** A header; empty if there is none. */
  String header(String name) {
    AwsErrorDetails details = details();
    return details == null || details.sdkHttpResponse() == null
        ? ""
        : details.sdkHttpResponse().firstMatchingHeader(name).orElse("");
  }

  Duration retryAfter() {
    return RetryAfter.parse(header("Retry-After"));
  }

  private @Nullable AwsErrorDetails details() {
    return exception instanceof AwsServiceException aws ? aws.awsErrorDetails() : null;
  }
}
