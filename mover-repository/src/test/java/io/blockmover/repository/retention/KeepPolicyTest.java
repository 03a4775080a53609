package io.blockmover.repository.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.repository.head.BackupRow;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What restic keeps of the same snapshots. */
class KeepPolicyTest {

  private static BackupRow at(String time, String... tags) {
    return new BackupRow(time, "s/x", Instant.parse(time + ":00Z"), 1, 1, null, List.of(tags), 0);
  }

  private static KeepPolicy last(int count) {
    return new KeepPolicy(count, Map.of(), List.of());
  }

  private static KeepPolicy keep(Period period, int count) {
    return new KeepPolicy(0, Map.of(period, count), List.of());
  }

  private static List<String> kept(KeepPolicy policy, BackupRow... rows) {
    return kept(policy, ZoneOffset.UTC, rows);
  }

  private static List<String> kept(KeepPolicy policy, ZoneId zone, BackupRow... rows) {
    return policy.decide(List.of(rows), zone).stream()
        .filter(KeepDecision::isKept)
        .map(decision -> decision.row().id() + " " + String.join(", ", decision.reasons()))
        .toList();
  }

  @Test
  void theLastAreTheNewestByTheOrderOfTheVolume() {
    BackupRow clockWentBack = at("2020-01-01T00:00");
    assertThat(kept(last(2), at("2026-01-01T00:00"), at("2026-01-02T00:00"), clockWentBack))
        .containsExactly("2026-01-02T00:00 last", "2020-01-01T00:00 last");
    assertThat(kept(last(KeepPolicy.UNLIMITED), at("2026-01-01T00:00"), clockWentBack)).hasSize(2);
  }

  @Test
  void ofEachDayTheNewestStays() {
    assertThat(
            kept(
                keep(Period.DAILY, 2),
                at("2026-03-01T10:00"),
                at("2026-03-02T09:00"),
                at("2026-03-02T21:00"),
                at("2026-03-05T01:00"),
                at("2026-03-05T02:00")))
        .containsExactly("2026-03-02T21:00 daily", "2026-03-05T02:00 daily");
  }

  @Test
  void theOldestStaysWhileTheRuleHasNotKeptAllItMay() {
    BackupRow[] rows = {
      at("2026-03-01T08:00"), at("2026-03-01T10:00"), at("2026-03-02T09:00"), at("2026-03-02T10:00")
    };
    assertThat(kept(keep(Period.DAILY, 2), rows))
        .containsExactly("2026-03-01T10:00 daily", "2026-03-02T10:00 daily");
    assertThat(kept(keep(Period.DAILY, 3), rows))
        .containsExactly(
            "2026-03-01T08:00 oldest daily", "2026-03-01T10:00 daily", "2026-03-02T10:00 daily");
  }

  @Test
  void weeksBeginOnMondayAndBelongToTheYearOfTheirThursday() {
    // 2024-12-30 is a Monday, of week 1 of 2025.
    assertThat(
            kept(
                keep(Period.WEEKLY, 2),
                at("2024-12-28T00:00"),
                at("2024-12-29T00:00"),
                at("2024-12-30T00:00"),
                at("2025-01-05T00:00")))
        .containsExactly("2024-12-29T00:00 weekly", "2025-01-05T00:00 weekly");
  }

  @Test
  void rulesAddUpAndABackupMayHaveSeveralReasons() {
    KeepPolicy policy =
        new KeepPolicy(1, Map.of(Period.MONTHLY, 2, Period.YEARLY, 1, Period.HOURLY, 1), List.of());
    assertThat(
            kept(
                policy,
                at("2025-12-31T23:00"),
                at("2026-01-31T23:00"),
                at("2026-02-01T00:00"),
                at("2026-02-01T00:30")))
        .containsExactly(
            "2026-01-31T23:00 monthly", "2026-02-01T00:30 last, hourly, monthly, yearly");
  }

  @Test
  void whoHasAllTagsOfAnySetStays() {
    KeepPolicy policy = new KeepPolicy(0, Map.of(), List.of(Set.of("a", "b"), Set.of("release")));
    assertThat(
            kept(
                policy,
                at("2026-01-01T00:00", "a"),
                at("2026-01-02T00:00", "b", "a", "c"),
                at("2026-01-03T00:00", "release"),
                at("2026-01-04T00:00")))
        .containsExactly("2026-01-02T00:00 tag a,b", "2026-01-03T00:00 tag release");
  }

  @Test
  void aDayBeginsWhereTheUserLives() {
    BackupRow[] rows = {at("2026-06-01T21:30"), at("2026-06-01T22:30")};
    assertThat(kept(keep(Period.DAILY, 1), rows)).hasSize(1);
    assertThat(kept(keep(Period.DAILY, 2), ZoneId.of("Europe/Berlin"), rows))
        .containsExactly("2026-06-01T21:30 daily", "2026-06-01T22:30 daily");
  }

  @Test
  void aYearOfHourlyBackupsIsThinnedOut() {
    List<BackupRow> rows = new ArrayList<>();
    Instant first = Instant.parse("2025-01-01T00:00:00Z");
    for (int hour = 0; hour < 365 * 24; hour++) {
      Instant time = first.plus(Duration.ofHours(hour));
      rows.add(new BackupRow("" + hour, "s/x", time, 1, 1, null, List.of(), 0));
    }
    KeepPolicy policy =
        new KeepPolicy(
            0,
            Map.of(Period.HOURLY, 24, Period.DAILY, 7, Period.WEEKLY, 5, Period.MONTHLY, 12),
            List.of());
    List<KeepDecision> decisions = policy.decide(rows, ZoneOffset.UTC);
    assertThat(decisions).hasSize(rows.size());
    // 24 hours; 6 days more; of 5 weeks the 3 that no day stands for; 11 months more.
    assertThat(decisions.stream().filter(KeepDecision::isKept)).hasSize(24 + 6 + 3 + 11);
  }

  @Test
  void aPolicyWithoutRulesKeepsNothingAndSaysSo() {
    assertThat(last(0).isEmpty()).isTrue();
    assertThat(keep(Period.DAILY, 0).isEmpty()).isTrue();
    assertThat(last(1).isEmpty()).isFalse();
  }
}
