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
    List<String> all = new ArrayList<>(List.of("-n", app.namespace()));
    all.addAll(List.of("-service-account-namespace", app.namespace(), "-service-account", "mover"));
    all.addAll(List.of(arguments));
    List<String> reference = new ArrayList<>(all);
    reference.addFirst("snapshot-metadata-list");
    Kubectl.Result expected = Kubectl.process(reference, "");
    assertThat(expected.exitCode()).as(expected.err()).isZero();
    assertThat(expected.out()).isNotEmpty();
    all.addAll(0, List.of("cbt", "list"));
    Kubectl.Result actual = LocalMover.run(all.toArray(String[]::new));
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
    Kubectl.Result result =
        app.attemptMover("doctor", "", "doctor", "--cluster", "--namespace", app.namespace());
    assertThat(result.out())
        .contains("fine     permissions", "fine     token", "fine     sidecar")
        .doesNotContain("broken");
    assertThat(result.exitCode()).as(result.out()).isZero();
  }
}
