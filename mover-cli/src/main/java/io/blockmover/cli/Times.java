package io.blockmover.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Times for people, in their zone. */
final class Times {

  private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private Times() {}

  static String shown(Instant time) {
    return SHOWN.format(time.atZone(ZoneId.systemDefault()));
  }
}
