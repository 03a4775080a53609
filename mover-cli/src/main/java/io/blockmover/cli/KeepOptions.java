package io.blockmover.cli;

import io.blockmover.repository.retention.KeepPolicy;
import io.blockmover.repository.retention.Period;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which backups {@code forget} keeps; the words are restic's. */
final class KeepOptions {

  @Option(
      names = {"-l", "--keep-last"},
      paramLabel = "N",
      converter = Count.class,
      description = "Keep the last N backups of each volume ('unlimited': all).")
  private @Nullable Integer last;

  @Option(
      names = {"-H", "--keep-hourly"},
      paramLabel = "N",
      converter = Count.class,
      description = "Keep the newest of each of the last N hours that have backups.")
  private @Nullable Integer hourly;

  @Option(
      names = {"-d", "--keep-daily"},
      paramLabel = "N",
      converter = Count.class,
      description = "The same for days.")
  private @Nullable Integer daily;

  @Option(
      names = {"-w", "--keep-weekly"},
      paramLabel = "N",
      converter = Count.class,
      description = "The same for weeks, from Monday on.")
  private @Nullable Integer weekly;

  @Option(
      names = {"-m", "--keep-monthly"},
      paramLabel = "N",
      converter = Count.class,
      description = "The same for months.")
  private @Nullable Integer monthly;

  @Option(
      names = {"-y", "--keep-yearly"},
      paramLabel = "N",
      converter = Count.class,
      description = "The same for years.")
  private @Nullable Integer yearly;

  @Option(
      names = "--keep-tag",
      paramLabel = "TAG[,TAG]",
      description = "Keep backups that have all of these tags; may be repeated.")
  private List<String> tags = new ArrayList<>();

  /** A number of backups. */
  private static final class Count implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      if (text.equals("unlimited")) {
        return KeepPolicy.UNLIMITED;
      }
      try {
        int count = Integer.parseInt(text);
        if (count >= 0) {
          return count;
        }
      } catch (NumberFormatException notANumber) {
        // The message below says what is wrong with it.
      }
      throw new TypeConversionException("'" + text + "' is neither a number nor 'unlimited'");
    }
  }

  /** Whether any of them was given. */
  boolean given() {
    return last != null || !periods().isEmpty() || !tags.isEmpty();
  }

  /** Whether a tag without a name is among those to keep. */
  boolean hasNamelessTag() {
    return tags.stream().anyMatch(list -> List.of(list.split(",", -1)).contains(""));
  }

  KeepPolicy policy() {
    return new KeepPolicy(
        last == null ? 0 : last,
        periods(),
        tags.stream().map(list -> Set.copyOf(List.of(list.split(",", -1)))).toList());
  }

  private Map<Period, Integer> periods() {
    Map<Period, Integer> periods = new EnumMap<>(Period.class);
    put(periods, Period.HOURLY, hourly);
    put(periods, Period.DAILY, daily);
    put(periods, Period.WEEKLY, weekly);
    put(periods, Period.MONTHLY, monthly);
    put(periods, Period.YEARLY, yearly);
    return periods;
  }

  private static void put(Map<Period, Integer> periods, Period period, @Nullable Integer count) {
    if (count != null) {
      periods.put(period, count);
    }
  }
}
