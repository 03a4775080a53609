package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.cli.output.JsonLine;
import io.blockmover.cli.output.Output;
import io.blockmover.engine.MemoryProfile;
import io.blockmover.engine.verify.Verification;
import io.blockmover.engine.verify.VerifyReport;
import io.blockmover.engine.verify.VerifyRequest;
import io.blockmover.repository.gc.GcOptions;
import io.blockmover.repository.gc.GcReport;
import io.blockmover.repository.gc.RepackOptions;
import io.blockmover.velero.location.Domain;
import io.blockmover.velero.sweep.Sweep;
import io.blockmover.velero.sweep.SweepReport;
import io.blockmover.velero.sweep.VeleroBackups;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sweeps one repository, takes the space back, and verifies a few of the backups that stay. */
final class SweepWork {

  static final String FORGOTTEN = "forgotten";
  static final String WAITING = "waiting";
  static final String FREED = "freedBytes";
  static final String PROBLEMS = "problems";

  private final Output output;
  private final Interruption interruption;
  private final VeleroBackups velero;
  private final Options options;

  /**
   * What the user chose.
   *
   * @param verified how many backups are verified
   */
  record Options(Duration grace, boolean dryRun, int verified, MemoryProfile memory) {}

  SweepWork(Output output, Interruption interruption, VeleroBackups velero, Options options) {
    this.output = output;
    this.interruption = interruption;
    this.velero = velero;
    this.options = options;
  }

  /** What was found and done, for a script. */
  Map<String, @Nullable Object> run(Domain domain, OpenRepository open) throws MoverException {
    SweepReport swept =
        new Sweep(open.repository(), velero, options.grace(), options.dryRun()).run();
    swept.damaged().forEach(key -> output.warn(key + " cannot be read: its volume was left alone"));
    GcReport collected =
        new GcWork(output, interruption, open)
            .run(
                new GcOptions(
                    options.dryRun(),
                    GcOptions.DEFAULT.silentReader(),
                    GcOptions.DEFAULT.silentWriter(),
                    RepackOptions.DEFAULT));
    List<VerifyReport.Finding> findings = verify(open);
    findings.forEach(
        finding -> output.warn("DAMAGED " + finding.object() + ": " + finding.problem()));
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("domain", domain.text());
    document.putAll(JsonLine.fields(swept));
    document.put("forgottenBackups", swept.forgotten());
    document.put(FORGOTTEN, swept.forgotten().size());
    document.put(FREED, collected.freedBytes());
    document.put("packBytes", collected.packBytes());
    document.put(PROBLEMS, swept.damaged().size() + findings.size());
    return document;
  }

  private List<VerifyReport.Finding> verify(OpenRepository open) throws MoverException {
    List<String> ids = new ArrayList<>();
    open.backups(null, List.of(), Integer.MAX_VALUE, damage -> {})
        .forEach(backup -> ids.add(backup.row().id()));
    Collections.shuffle(ids, new SecureRandom());
    List<String> chosen = ids.subList(0, Math.min(Math.max(0, options.verified()), ids.size()));
    if (chosen.isEmpty()) {
      return List.of();
    }
    VerifyRequest request =
        new VerifyRequest(chosen, VerifyRequest.Level.TABLES, Optional.empty(), options.memory());
    return new Jobs(output, interruption)
        .run(
            "verify",
            open.progress(),
            "nothing was changed",
            (progress, cancellation) ->
                new Verification(open.repository(), request, progress, cancellation).run())
        .findings();
  }
}
