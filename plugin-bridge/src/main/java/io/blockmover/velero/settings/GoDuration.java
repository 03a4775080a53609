package io.blockmover.velero.settings;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as Go, and so Velero, writes them: 10m0s, 1h30m, 1.5s. */
public final class GoDuration {

  private static final Pattern PART = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(h|ms|m|s)");
  private static final Map<String, Long> MILLIS =
      Map.of("h", 3_600_000L, "m", 60_000L, "s", 1000L, "ms", 1L);

  private GoDuration() {}

  /** Empty if the text is none. */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = PART.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (end < text.length() && matcher.find(end) && matcher.start() == end) {
      long unit = MILLIS.getOrDefault(matcher.group(2), 0L);
      BigDecimal millis = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
      sum = sum.plusMillis(millis.longValue());
      end = matcher.end();
    }
    return end == 0 || end < text.length() ? Optional.empty() : Optional.of(sum);
  }
}
