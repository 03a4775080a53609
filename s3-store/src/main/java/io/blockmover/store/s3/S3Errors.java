package io.blockmover.store.s3;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.ConditionFailed;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.StoreFull;
import io.blockmover.api.StoreRejected;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * The one table from what the SDK throws to our exceptions. An answer of the server is judged here,
 * by its error code and then by its status; no answer at all is {@link LostReplies}' part.
 */
final class S3Errors {

  private static final Pattern EXPECTED_REGION = Pattern.compile("expecting ['\"]([^'\"]+)['\"]");
  private static final String REGION_HEADER = "x-amz-bucket-region";

  private final S3Location location;
  private final String server;
  private final String region;
  private final LostReplies lostReplies;
  private volatile boolean answered;

  /**
   * @param server the endpoint, for messages
   * @param region the one that requests are signed for
   */
  S3Errors(S3Location location, String server, String region) {
    this.location = location;
    this.server = server;
    this.region = region;
    this.lostReplies = new LostReplies(server);
  }

  /** Where requests go. */
  String server() {
    return server;
  }

  /** Notes that the bucket has answered as it should; later failures are not of its set-up. */
  void noteSuccess() {
    answered = true;
  }

  boolean everAnswered() {
    return answered;
  }

  /** The exception for a failed call; programming errors are thrown as they are. */
  MoverException translate(Call call, String key, Throwable thrown) {
    Throwable failure = unwrap(thrown);
    String what = "cannot " + call.verb() + " " + subject(call, key);
    if (failure instanceof SdkServiceException answer) {
      return answer(call, key, what, new S3Answer(answer));
    }
    if (failure instanceof SdkException) {
      return lostReplies.translate(call, what, failure, answered);
    }
    if (failure instanceof MoverException known) {
      return known;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException bug) {
      throw bug;
    }
    return lostReplies.translate(call, what, failure, answered);
  }

  /** An error code and message inside a successful answer (DeleteObjects). */
  MoverException perKey(String key, String code, String message) {
    AwsErrorDetails details =
        AwsErrorDetails.builder().errorCode(code).errorMessage(message).build();
    int status = code.equals("AccessDenied") ? 403 : 500;
    return translate(
        Call.DELETE,
        key,
        AwsServiceException.builder().awsErrorDetails(details).statusCode(status).build());
  }

  static Throwable unwrap(Throwable thrown) {
    Throwable failure = thrown;
    while ((failure instanceof CompletionException || failure instanceof ExecutionException)
        && failure.getCause() != null) {
      failure = failure.getCause();
    }
    return failure;
  }

  private MoverException answer(Call call, String key, String what, S3Answer answer) {
    String code = answer.code();
    String says = what + " on " + server + ": " + answer.reason();
    return switch (code) {
      case "PreconditionFailed" -> condition(call, key, says, answer);
      case "NoSuchKey" -> missing(call, key, says, answer);
      case "NoSuchBucket" ->
          new StoreRejected(
              "there is no bucket " + location.bucket() + " on " + server,
              "create the bucket, or correct its name, --s3-endpoint or --s3-region",
              answer.exception());
      case "ConditionalRequestConflict",
          "OperationAborted",
          "RequestTimeout",
          "IncompleteBody",
          "BadDigest",
          "XAmzContentSHA256Mismatch" ->
          unavailable(says, answer);
      case "SlowDown",
          "SlowDownRead",
          "SlowDownWrite",
          "ServiceUnavailable",
          "Busy",
          "Throttling",
          "ThrottlingException",
          "RequestLimitExceeded",
          "TooManyRequests" ->
          unavailable(says, answer);
      case "RequestTimeTooSkewed" ->
          unavailable(
              says
                  + "; this machine's clock differs from the store's by more than it allows:"
                  + " set it (NTP) if this goes on",
              answer);
      case "InvalidAccessKeyId", "XAdminUserNotFound", "InvalidClientTokenId" ->
          new AccessDenied(
              says,
              "the store does not know this access key: check AWS_ACCESS_KEY_ID or --s3-profile,"
                  + " and that --s3-endpoint is the right store",
              answer.exception());
      case "SignatureDoesNotMatch" ->
          new AccessDenied(
              says,
              "the secret key is wrong (or a proxy changes requests): check AWS_SECRET_ACCESS_KEY"
                  + " or the profile",
              answer.exception());
      case "ExpiredToken", "ExpiredTokenException", "InvalidToken", "TokenRefreshRequired" ->
          new AccessDenied(
              says,
              "the temporary credentials have ended: get new ones and run again",
              answer.exception());
      case "AuthorizationHeaderMalformed",
          "PermanentRedirect",
          "IllegalLocationConstraintException",
          "IncorrectEndpoint" ->
          wrongRegion(says, answer);
      case "QuotaExceeded",
          "XMinioStorageFull",
          "XMinioAdminBucketQuotaExceeded",
          "InsufficientStorage",
          "InsufficientCapacity" ->
          full(says, answer);
      case "InvalidObjectState" ->
          new StoreRejected(
              says,
              "the object was moved to an archive class: restore it there, and keep lifecycle"
                  + " rules off this prefix",
              answer.exception());
      case "InvalidStorageClass" ->
          new StoreRejected(says, "choose another --s3-storage-class", answer.exception());
      case "InvalidTag" -> new StoreRejected(says, "correct --s3-tags", answer.exception());
      case "EntityTooLarge" ->
          new StoreRejected(
              says, "the store limits object sizes: use smaller packs", answer.exception());
      case "InvalidEncryptionAlgorithmError", "ServerSideEncryptionConfigurationNotFoundError" ->
          keyTrouble(says, answer);
      case "InvalidRange" -> tooShort(key, answer);
      case "NotImplemented", "MethodNotAllowed" -> unsupported(says, answer);
      default ->
          code.startsWith("KMS.") ? keyTrouble(says, answer) : status(call, key, says, answer);
    };
  }

  /** Codes that we do not know, and answers without one (HEAD, proxies, HTML). */
  private MoverException status(Call call, String key, String says, S3Answer answer) {
    return switch (answer.status()) {
      case 301, 302, 307, 308 -> wrongRegion(says, answer);
      case 401, 403 ->
          new AccessDenied(
              says,
              "check that these credentials may list, read, write and delete below "
                  + location
                  + " (`mover doctor --repo` tries each)",
              answer.exception());
      case 404 ->
          new StoreRejected(
              says,
              "this is not an S3 answer: check --s3-endpoint and --s3-path-style",
              answer.exception());
      case 405, 501 -> unsupported(says, answer);
      case 408, 409, 425, 429 -> unavailable(says, answer);
      case 412 -> condition(call, key, says, answer);
      case 416 -> tooShort(key, answer);
      case 507 -> full(says, answer);
      default -> {
        if (answer.status() < 500) {
          yield new StoreRejected(
              says, "`mover doctor --repo` says what this store supports", answer.exception());
        }
        boolean refused = answer.status() == 503 && !answer.retryAfter().isZero();
        yield call.writes() && !refused
            ? new WriteOutcomeUnknown(
                says + "; it may still have been written",
                "nothing needs to be done: the next run looks first",
                answer.exception())
            : unavailable(says, answer);
      }
    };
  }

  private MoverException condition(Call call, String key, String says, S3Answer answer) {
    return switch (call) {
      case PUT_IF_ABSENT ->
          new ObjectAlreadyExists(
              key + " exists already in " + location, "choose another name", answer.exception());
      case REPLACE ->
          new ConditionFailed(
              key + " in " + location + " was changed by someone else",
              "read it again and repeat the change",
              answer.exception());
      default ->
          new StoreRejected(
              says, "nothing was asked that could fail like this", answer.exception());
    };
  }

  private MoverException missing(Call call, String key, String says, S3Answer answer) {
    return switch (call) {
      case READ, FIND ->
          new ObjectNotFound(
              key + " does not exist in " + location,
              "if it should, `mover verify` lists what is affected",
              answer.exception());
      case REPLACE ->
          new ConditionFailed(
              key + " does not exist (any more) in " + location,
              "read it again",
              answer.exception());
      default -> new StoreRejected(says, "check --s3-endpoint", answer.exception());
    };
  }

  private MoverException wrongRegion(String says, S3Answer answer) {
    Matcher expecting = EXPECTED_REGION.matcher(answer.message());
    String expected = expecting.find() ? expecting.group(1) : answer.header(REGION_HEADER);
    return new StoreRejected(
        says,
        expected.isEmpty()
            ? "requests were signed for region " + region + ": set --s3-region to the bucket's"
            : "the bucket is in region " + expected + ": use --s3-region=" + expected,
        answer.exception());
  }

  private static MoverException tooShort(String key, S3Answer answer) {
    return new CorruptData(
        key, "more bytes", "an object that ends before them", answer.exception());
  }

  private static MoverException full(String says, S3Answer answer) {
    return new StoreFull(
        says,
        "free space or raise the quota, then run again; what was uploaded is kept",
        answer.exception());
  }

  private static MoverException keyTrouble(String says, S3Answer answer) {
    return new StoreRejected(
        says,
        "check --s3-sse and --s3-kms-key, and that the key is enabled for this user",
        answer.exception());
  }

  private static MoverException unsupported(String says, S3Answer answer) {
    return new StoreRejected(
        says,
        "the store lacks this operation: `mover doctor --repo` says what it can",
        answer.exception());
  }

  private static MoverException unavailable(String says, S3Answer answer) {
    return new StoreUnavailable(says, answer.retryAfter(), answer.exception());
  }

  private String subject(Call call, String key) {
    return call == Call.LIST
        ? location + (key.isEmpty() ? "" : " below " + key)
        : key + " in " + location;
  }
}
