package io.blockmover.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that serves v1alpha1 of the API and no more, with a sidecar of that time. */
@Tag("cluster")
@EnabledIfEnvironmentVariable(named = "MOVER_TEST_IMAGE", matches = ".+")
class FirstApiVersionIT {

  private static final String DEFINITION =
      "customresourcedefinition/snapshotmetadataservices.cbt.storage.k8s.io";

  /** With their version: kubectl looks again for what its cache does not know. */
  private static final String OBJECTS = "snapshotmetadataservices.%s.cbt.storage.k8s.io";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void listsAreTheSameThereAndAnAudienceThatTheSidecarDoesNotTakeIsSaid() throws Exception {
    try (ClusterApp app = new ClusterApp()) {
      app.claim("data", "64Mi", "");
      app.holder("writer", "data");
      app.write("writer", 100, 100);
      app.snapshot("first", "data");
      app.write("writer", 150, 80);
      app.snapshot("second", "data");
      String allocated = listed(app, "-s", "second");
      String changed = listed(app, "-s", "second", "-p", "first");
      String objects = OBJECTS.formatted("v1beta1");
      String driver = app.kubectl.run("get", objects, "-o", "jsonpath={.items[0].metadata.name}");
      String before = app.kubectl.run("get", objects, driver, "-o", "jsonpath={.spec}");
      servesFirstVersionOnly(app);
      try (SecondSidecar sidecar = new SecondSidecar(directory, "--api-version", "v1alpha1")) {
        leadTo(app, driver, sidecar);
        assertThat(listed(app, "-s", "second")).isEqualTo(allocated);
        assertThat(listed(app, "-s", "second", "-p", "first")).isEqualTo(changed);
        assertThat(
                app.attemptMover(
                        "doctor", "", "doctor", "--cluster", "--namespace", app.namespace())
                    .out())
            .contains("offers it at " + sidecar.address() + " (v1alpha1)", "fine     sidecar");
        sidecar.close();
        try (SecondSidecar other =
            new SecondSidecar(directory, "--api-version", "v1alpha1", "--audience", "others")) {
          leadTo(app, driver, other);
          Kubectl.Result refused = list(app, "-s", "second");
          assertThat(refused.exitCode()).isEqualTo(1);
          assertThat(refused.err()).contains("UNAUTHENTICATED", "spec.audience");
        }
      } finally {
        servesSecondVersionOnly(app);
        patch(app, "v1beta1", driver, "{\"spec\":" + before + "}");
      }
      assertThat(listed(app, "-s", "second")).isEqualTo(allocated);
    }
  }

  private static void leadTo(ClusterApp app, String driver, SecondSidecar sidecar)
      throws IOException {
    patch(
        app,
        "v1alpha1",
        driver,
        "{\"spec\":{\"address\":\"%s\",\"caCert\":\"%s\"}}"
            .formatted(sidecar.address(), sidecar.authority()));
  }

  private static void patch(ClusterApp app, String version, String driver, String patch) {
    app.kubectl.run("patch", OBJECTS.formatted(version), driver, "--type", "merge", "-p", patch);
  }

  private static void servesFirstVersionOnly(ClusterApp app) {
    change(
        app,
        """
        [{"op": "copy", "from": "/spec/versions/0", "path": "/spec/versions/1"},
         {"op": "replace", "path": "/spec/versions/1/name", "value": "v1alpha1"},
         {"op": "replace", "path": "/spec/versions/1/storage", "value": false},
         {"op": "replace", "path": "/spec/versions/0/served", "value": false}]
        """);
    awaitServed(app, "v1alpha1");
  }

  private static void servesSecondVersionOnly(ClusterApp app) {
    change(
        app,
        """
        [{"op": "replace", "path": "/spec/versions/0/served", "value": true},
         {"op": "remove", "path": "/spec/versions/1"}]
        """);
    awaitServed(app, "v1beta1");
  }

  private static void change(ClusterApp app, String patch) {
    app.kubectl.run("patch", DEFINITION, "--type", "json", "-p", patch);
  }

  /** Until discovery says so, and the objects can be read: each lags behind by itself. */
  private static void awaitServed(ClusterApp app, String version) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    String group = "/apis/cbt.storage.k8s.io";
    String objects = group + "/" + version + "/snapshotmetadataservices";
    while (!app.kubectl
            .run("get", "--raw", group)
            .contains("\"preferredVersion\":{\"groupVersion\":\"cbt.storage.k8s.io/" + version)
        || app.kubectl.attempt("", "get", "--raw", objects).exitCode() != 0) {
      assertThat(System.nanoTime()).as("%s is served", version).isLessThan(end);
    }
  }

  private static String listed(ClusterApp app, String... arguments) {
    Kubectl.Result result = list(app, arguments);
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).isNotEmpty();
    return result.out();
  }

  private static Kubectl.Result list(ClusterApp app, String... arguments) {
    List<String> all = new ArrayList<>(List.of("cbt", "list", "-n", app.namespace()));
    all.addAll(List.of("-service-account-namespace", app.namespace(), "-service-account", "mover"));
    all.addAll(List.of(arguments));
    return LocalMover.run(all.toArray(String[]::new));
  }
}
