package io.blockmover.cli;

import io.blockmover.engine.rules.BadRules;
import io.blockmover.engine.rules.RuleSet;
import io.blockmover.velero.settings.BadSettings;
import io.blockmover.velero.settings.BridgeSettings;
import io.blockmover.velero.settings.SettingsParser;
import io.blockmover.velero.settings.WatchedFile;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The files that the controller is given, as they stand. */
final class ControllerFiles {

  private final Optional<WatchedFile<BridgeSettings>> settings;
  private final Optional<WatchedFile<RuleSet>> rules;

  /** Reads them; bad ones are refused, as there are no older ones yet. */
  ControllerFiles(@Nullable Path config, @Nullable Path rules, MeterRegistry registry)
      throws Complaint {
    this.settings = open(config, text -> SettingsParser.parse(text, "config"), registry);
    this.rules =
        open(
            rules,
            text -> RuleSet.parse(text, "rules", Set.copyOf(TrackingOption.names())),
            registry);
  }

  private static <T> Optional<WatchedFile<T>> open(
      @Nullable Path file, WatchedFile.Reader<T> reader, MeterRegistry registry) throws Complaint {
    if (file == null) {
      return Optional.empty();
    }
    try {
      WatchedFile<T> opened = new WatchedFile<>(file, reader);
      Gauge.builder("blockmover.settings.refused", () -> opened.bad() ? 1 : 0)
          .tag("file", String.valueOf(file.getFileName()))
          .description("1 while what is in the file is refused and older settings hold")
          .register(registry);
      return Optional.of(opened);
    } catch (IOException e) {
      throw Complaint.usage(file + " cannot be read: " + e, "give another file");
    } catch (BadSettings | BadRules e) {
      throw Complaint.usage(
          String.valueOf(e.getMessage()), "correct the file; docs/velero.md lists what can be set");
    }
  }

  /** Reads again what has changed. */
  void look() {
    settings.ifPresent(WatchedFile::look);
    rules.ifPresent(WatchedFile::look);
  }

  BridgeSettings settings() {
    return settings.map(WatchedFile::current).orElse(BridgeSettings.STANDARD);
  }

  RuleSet rules() {
    return rules.map(WatchedFile::current).orElse(RuleSet.EMPTY);
  }
}
