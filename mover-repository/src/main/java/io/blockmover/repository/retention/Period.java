package io.blockmover.repository.retention;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** Spans of time of which a policy keeps the newest backup each. */
public enum Period {
  HOURLY,
  DAILY,
  WEEKLY,
  MONTHLY,
  YEARLY;

  /** Equal for two times in the same span. */
  String of(Instant time, ZoneId zone) {
    ZonedDateTime local = time.atZone(zone);
    return switch (this) {
      case HOURLY -> local.toLocalDate() + "T" + local.getHour();
      case DAILY -> local.toLocalDate().toString();
      case WEEKLY ->
          local.get(IsoFields.WEEK_BASED_YEAR) + "W" + local.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
      case MONTHLY -> local.getYear() + "-" + local.getMonthValue();
      case YEARLY -> String.valueOf(local.getYear());
    };
  }

  /** For people. */
  String shown() {
    return name().toLowerCase(Locale.ROOT);
  }
}
