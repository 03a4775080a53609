package io.blockmover.store.s3;

import io.blockmover.api.MoverException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes calls: a permit for each, one transmission, a time limit, failures translated. */
final class S3Calls {

  private static final Duration BASE_LIMIT = Duration.ofSeconds(60);
  private static final long SLOWEST_BYTES_PER_SECOND = 1 << 20;

  private final S3Clients clients;
  private final S3Errors errors;
  private final Semaphore permits;

  S3Calls(S3Clients clients, S3Errors errors, int maxConcurrency) {
    this.clients = clients;
    this.errors = errors;
    this.permits = new Semaphore(maxConcurrency);
  }

  S3Errors errors() {
    return errors;
  }

  void requireOpen() {
    clients.requireOpen();
  }

  /** A call of the blocking client. */
  <T> T blocking(Call call, String key, Function<S3Client, T> request) throws MoverException {
    S3Client client = clients.reading();
    acquire(call, key);
    try {
      T answer = request.apply(client);
      errors.noteSuccess();
      return answer;
    } catch (RuntimeException e) {
      throw failure(call, key, e);
    } finally {
      permits.release();
    }
  }

  /** A call of the Netty client; returns when the request is over, one way or another. */
  <T> T awaited(Call call, String key, Function<S3AsyncClient, CompletableFuture<T>> request)
      throws MoverException {
    S3AsyncClient client = clients.writing();
    acquire(call, key);
    try {
      CompletableFuture<T> pending = request.apply(client);
      try {
        T answer = pending.get();
        errors.noteSuccess();
        return answer;
      } catch (InterruptedException e) {
        pending.cancel(true);
        throw LostReplies.cancelled("cannot " + call.verb() + " " + key, e);
      } catch (ExecutionException e) {
        throw failure(call, key, e);
      }
    } catch (RuntimeException e) {
      throw failure(call, key, e);
    } finally {
      permits.release();
    }
  }

  /** The time limit of a call that moves so many bytes; far beyond what is usual. */
  static AwsRequestOverrideConfiguration limit(long bytes) {
    return AwsRequestOverrideConfiguration.builder()
        .apiCallTimeout(BASE_LIMIT.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND))
        .build();
  }

  /** {@code close()} of another thread makes the SDK throw what looks like a programming error. */
  private MoverException failure(Call call, String key, Exception thrown) {
    try {
      return errors.translate(call, key, thrown);
    } catch (IllegalStateException e) {
      clients.requireOpen();
      throw e;
    }
  }

  private void acquire(Call call, String key) throws MoverException {
    try {
      permits.acquire();
    } catch (InterruptedException e) {
      throw LostReplies.cancelled("cannot " + call.verb() + " " + key, e);
    }
  }
}
