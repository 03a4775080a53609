package io.blockmover.store.s3;

import java.time.Duration;

/** The Retry-After header, in its form in seconds; S3 stores send no dates. */
final class RetryAfter {

  private static final Duration LONGEST = Duration.ofMinutes(10);

  private RetryAfter() {}

  /** Zero if absent or unreadable; never more than ten minutes, whatever a server says. */
  static Duration parse(String header) {
    if (!header.strip().matches("\\d{1,9}")) {
      return Duration.ZERO;
    }
    Duration wait = Duration.ofSeconds(Long.parseLong(header.strip()));
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
