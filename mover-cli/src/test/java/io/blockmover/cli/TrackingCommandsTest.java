package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.Extent;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.engine.MemoryProfile;
import io.blockmover.engine.backup.Backup;
import io.blockmover.engine.backup.BackupReport;
import io.blockmover.engine.backup.BackupRequest;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.Repository;
import io.blockmover.repository.store.DirectoryStore;
import io.blockmover.testkit.FakeChangeTracker;
import io.blockmover.testkit.FakeChangeTrackerProvider;
import io.blockmover.testkit.MemoryBlockSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackingCommandsTest {

  private static final String RULES =
      """
      rules:
        - name: shop
          match: {namespace: shop, driver: "rbd.*", labels: {app: db}, minSize: 1Gi}
          trackers: [full-scan]
          minimumSize: 10Gi
        - name: rest
          trackers: [full-scan]
      """;

  @TempDir private Path directory;
  private MoverRun mover;
  private Path rules;

  @BeforeEach
  void aRepositoryAndRules() throws Exception {
    mover =
        new MoverRun()
            .variable("MOVER_REPO", directory.resolve("repo").toString())
            .variable("MOVER_PASSWORD", "secret");
    assertThat(mover.run("init").exitCode()).isZero();
    rules = Files.writeString(directory.resolve("rules.yaml"), RULES);
  }

  @Test
  void theDoctorSaysWhichRuleAppliesAndWhy() {
    MoverRun.Outcome outcome =
        mover.run(
            "doctor",
            "--rules=" + rules,
            "--namespace=shop",
            "--driver=rbd.csi",
            "--label=app=db",
            "--size=20Gi");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("rule shop applies", "full-scan", "10737418240 bytes");
    MoverRun.Outcome other = mover.run("doctor", "--rules=" + rules, "--json");
    assertThat(other.out())
        .contains("rule shop does not apply: its driver is not known", "\"rule\":\"rest\"");
  }

  @Test
  void theSampleInTheDocumentsNamesTrackersThatThereAre() {
    MoverRun.Outcome outcome = mover.run("doctor", "--rules=../docs/rules.yaml", "--size=20Gi");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("rule everything-else applies", "csi-snapshot-metadata");
  }

  @Test
  void badRulesAreRefusedWithLineAndColumnAndNothingIsBackedUp() throws Exception {
    Files.writeString(rules, RULES.replace("trackers: [full-scan]", "trackers: [rbd]"));
    Path image = Files.write(directory.resolve("image"), new byte[4096]);
    for (String[] command :
        new String[][] {
          {"doctor", "--rules=" + rules}, {"backup", "--rules=" + rules, image.toString()}
        }) {
      MoverRun.Outcome outcome = mover.run(command);
      assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(outcome.err()).contains(rules + ":4:16: there is no tracker 'rbd'", "full-scan");
    }
    assertThat(mover.run("list", "--json").out()).contains("\"backups\":[]");
  }

  @Test
  void rulesComeFromTheEnvironmentToo() throws Exception {
    Path image = Files.write(directory.resolve("image"), new byte[4096]);
    mover.variable("MOVER_RULES", rules.toString());
    assertThat(mover.run("backup", image.toString()).exitCode()).isZero();
    mover.variable("MOVER_RULES", directory.resolve("missing.yaml").toString());
    MoverRun.Outcome outcome = mover.run("backup", image.toString());
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("missing.yaml");
  }

  @Test
  void aTrackerThatIsUnknownCannotBeTrusted() {
    MoverRun.Outcome outcome = mover.run("backup", "--trust-tracker", "csl", "/dev/null");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("there is no tracker 'csl'");
  }

  @Test
  void aDistrustedTrackerIsShownAndListed() throws Exception {
    byte[] content = new byte[8 << 20];
    content[5 << 20] = 1;
    FakeChangeTracker liar =
        new FakeChangeTracker(ExtentQuality.EXACT, null)
            .withAllocated(List.of(new Extent(0, 4096)));
    String id = backUp(new MemoryBlockSource(content), liar).backup();
    assertThat(mover.run("show", id).out())
        .contains("DISTRUSTED liar", "is not zeros", "--trust-tracker liar");
    assertThat(mover.run("show", id, "--json").out()).contains("\"distrusted\":[{\"tracker\"");
    assertThat(mover.run("list").err()).contains("distrusted for v: liar");
    assertThat(mover.run("list", "--json").out()).contains("\"distrusted\":[\"liar\"]");
  }

  private BackupReport backUp(BlockSource source, FakeChangeTracker tracker) throws Exception {
    try (DirectoryStore store = new DirectoryStore(directory.resolve("repo"))) {
      Repository repository =
          Repository.open(store, "secret", Clock.systemUTC(), Randomness.secure());
      BackupRequest request =
          new BackupRequest(
              source,
              "test",
              "v",
              new SnapshotReference("test", "s", "v", source.sizeBytes(), Map.of()),
              List.of(FakeChangeTrackerProvider.opening("liar", target -> tracker)),
              List.of(),
              1,
              false,
              "here",
              MemoryProfile.small());
      return new Backup(repository, request, new Progress(), new Cancellation()).run();
    }
  }
}
