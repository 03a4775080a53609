package io.blockmover.cli.output;

import java.time.Duration;
import java.util.Locale;

/** Bytes, rates and times as people write them. */
public final class Sizes {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final String SUFFIXES = "KMGTPE";
  private static final double NANOS_PER_SECOND = 1e9;

  private Sizes() {}

  /** Three significant digits: {@code 1.32 GiB}. */
  public static String bytes(long count) {
    return bytes((double) count);
  }

  /** Three significant digits: {@code 1.32 GiB}. */
  public static String bytes(double count) {
    double value = count;
    int unit = 0;
    while (Math.abs(value) >= 1023.5 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    int decimals = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f %s", value, UNITS[unit]);
  }

  /** {@code 1 layer}, {@code 2 layers}. */
  public static String count(long count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }

  /** Bytes per second: {@code 734 MiB/s}. */
  public static String rate(double bytesPerSecond) {
    return bytes(bytesPerSecond) + "/s";
  }

  /** {@code 3.2 s} below a minute, else {@code 4:05} or {@code 1:02:03}. */
  public static String time(Duration duration) {
    double seconds = duration.toNanos() / NANOS_PER_SECOND;
    if (seconds < 59.95) {
      return String.format(Locale.ROOT, seconds < 0.1 ? "%.3f s" : "%.1f s", seconds);
    }
    return clock(duration);
  }

  /** {@code 0:07}, {@code 4:05}, {@code 1:02:03}. */
  public static String clock(Duration duration) {
    long seconds = Math.round(duration.toNanos() / NANOS_PER_SECOND);
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  /**
   * The number of bytes that {@code 500K}, {@code 1.5GiB} or {@code 4096} stands for; units are
   * powers of 1024.
   *
   * @throws IllegalArgumentException if it is nothing of the kind, with a message for the user
   */
  public static long parse(String text) {
    String number = text.strip().toUpperCase(Locale.ROOT);
    number = number.endsWith("IB") ? number.substring(0, number.length() - 2) : number;
    number = number.endsWith("B") ? number.substring(0, number.length() - 1) : number;
    long factor = 1;
    if (!number.isEmpty()) {
      int power = SUFFIXES.indexOf(number.charAt(number.length() - 1));
      if (power >= 0) {
        factor = 1L << (10 * (power + 1));
        number = number.substring(0, number.length() - 1);
      }
    }
    try {
      double value = Double.parseDouble(number.strip()) * factor;
      if (value >= 0 && value < Long.MAX_VALUE) {
        return Math.round(value);
      }
    } catch (NumberFormatException e) {
      // The message below says what is wrong with it.
    }
    throw new IllegalArgumentException("'" + text + "' is no size: write 500K, 10M or 1.5G");
  }
}
