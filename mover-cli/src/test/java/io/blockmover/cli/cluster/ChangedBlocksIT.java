package io.blockmover.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mover cbt} against the real sidecar, beside the reference's own lister. */
@Tag("cluster")
@EnabledIfEnvironmentVariable(named = "MOVER_TEST_IMAGE", matches = ".+")
class ChangedBlocksIT {

  private static ClusterApp app;

  @BeforeAll
  static void takeTwoSnapshots() {
    app = new ClusterApp();
    app.claim("data", "64Mi", "");
    app.holder("writer", "data");
    app.write("writer", 0, 3);
    app.write("writer", 100, 100);
    app.snapshot("first", "data");
    app.write("writer", 150, 80);
    app.snapshot("second", "data");
  }

  @AfterAll
  static void end() {
    app.close();
  }

  private static String handle(String snapshot) {
    String content =
        app.kubectl.run(
            "get",
            "volumesnapshot",
            snapshot,
            "-o",
            "jsonpath={.status.boundVolumeSnapshotContentName}");
    return app.kubectl.run(
        "get", "volumesnapshotcontent", content, "-o", "jsonpath={.status.snapshotHandle}");
  }

  private static void assertSameAsReference(String... arguments) {
    List<String> reference = toTheService(arguments);
    reference.addFirst("snapshot-metadata-list");
    Kubectl.Result expected = Kubectl.process(reference, "");
    assertThat(expected.exitCode()).as(expected.err()).isZero();
    Kubectl.Result actual = list(arguments);
    assertThat(actual.exitCode()).as(actual.err()).isZero();
    assertThat(actual.out()).isEqualTo(expected.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"table", "json"})
  void theListsAreThoseOfTheReferenceByteForByte(String format) {
    assertSameAsReference("-s", "second", "-o", format);
    assertSameAsReference("-s", "second", "-p", "first", "-o", format);
    assertSameAsReference("-s", "second", "-P", handle("first"), "-o", format);
    assertSameAsReference("-s", "second", "-P", handle("first"), "-o", format, "-max-results", "7");
    assertSameAsReference(
        "-s", "second", "-p", "first", "-o", format, "-starting-offset", "700416");
    assertSameAsReference("-s", "first", "-P", handle("first"), "-o", format); // nothing
  }

  @Test
  void theListsHoldWhatWasWritten() {
    assertThat(list("-s", "first").out().lines()).hasSize(2 + 103);
    assertThat(list("-s", "second", "-p", "first").out().lines()).hasSize(2 + 80);
    Kubectl.Result gone = list("-s", "second", "-P", "nothing");
    assertThat(gone.exitCode()).isEqualTo(1);
    assertThat(gone.err()).contains("NOT_FOUND");
  }

  private static List<String> toTheService(String... arguments) {
    List<String> all = new ArrayList<>(List.of("-n", app.namespace()));
    all.addAll(List.of("-service-account-namespace", app.namespace(), "-service-account", "mover"));
    all.addAll(List.of(arguments));
    return all;
  }

  private static Kubectl.Result list(String... arguments) {
    List<String> all = toTheService(arguments);
    all.addAll(0, List.of("cbt", "list"));
    return LocalMover.run(all.toArray(String[]::new));
  }

  @Test
  void whoMayNotSeeTheSnapshotsIsTold() {
    app.kubectl.run("create", "serviceaccount", "nobody");
    Kubectl.Result result =
        LocalMover.run(
            "cbt",
            "list",
            "-n",
            app.namespace(),
            "-s",
            "second",
            "-service-account-namespace",
            app.namespace(),
            "-service-account",
            "nobody");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("PERMISSION_DENIED");
  }

  @Test
  void theDoctorFindsNothingBrokenAndEveryPermissionGiven() {
    Kubectl.Result result = doctor("doctor");
    assertThat(result.out())
        .contains("fine     permissions", "fine     token", "fine     sidecar")
        .doesNotContain("broken");
    assertThat(result.exitCode()).as(result.out()).isZero();
  }

  @Test
  void whatTheDoctorPrintsForAMissingPermissionRepairsIt() {
    String rights = LocalMover.run("doctor", "--rbac", app.namespace() + "/mover").out();
    app.kubectl.apply(rights.replaceAll(".*serviceaccounts/token.*\n", ""));
    try {
      String sick = doctor("sick").out();
      assertThat(sick).contains("broken   token");
      String fix = sick.substring(sick.lastIndexOf("kubectl apply -f - <<'EOF'"));
      fix = fix.substring(0, fix.indexOf("\nEOF") + "\nEOF".length());
      Kubectl.Result applied = Kubectl.process(List.of("sh", "-ec", fix), "");
      assertThat(applied.exitCode()).as(fix + applied.err()).isZero();
      assertThat(doctor("well").out()).contains("fine     permissions", "fine     token");
    } finally {
      app.kubectl.run(
          "delete", "clusterrole,clusterrolebinding", "blockmover-tokens", "--ignore-not-found");
      app.kubectl.apply(rights);
    }
  }

  private static Kubectl.Result doctor(String pod) {
    return app.attemptMover(pod, "", "doctor", "--cluster", "--namespace", app.namespace());
  }
}
