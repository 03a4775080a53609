package io.blockmover.cli.velero;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.cli.cluster.Kubectl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Block Mover in Velero's namespace, installed by helm as a user does it, with a password of its
 * own. {@link #close()} removes it and insists that nothing of it is left.
 */
final class Installation implements AutoCloseable {

  static final String NAMESPACE = setting("VELERO_NAMESPACE", "velero");
  static final String IMAGE = setting("MOVER_E2E_IMAGE", "");

  /** Has a shell, dd, sha256sum and sleep. */
  static final String APP_IMAGE = setting("MOVER_E2E_APP_IMAGE", "busybox:1.36");

  static final String PASSWORD = "password of the end-to-end test";

  /** Label of the controller's pods. */
  static final String CONTROLLER = "app.kubernetes.io/component=controller";

  private static final String RELEASE = "blockmover";
  private static final String SECRET = "blockmover-e2e";
  private static final String OURS = "app.kubernetes.io/managed-by=blockmover";

  /** Where this checkout is: tests run in the folder of their module. */
  private static final Path CHART = Path.of("..", "deploy", "chart", "blockmover");

  final Kubectl velero = new Kubectl(NAMESPACE);

  /** Names of this run's backups begin so. */
  final String run = "e2e-" + UUID.randomUUID().toString().substring(0, 6);

  private final List<String> backups = new ArrayList<>();

  /**
   * @param values further settings of the chart: {@code path=value}
   */
  Installation(String... values) {
    password(PASSWORD);
    upgrade(values);
  }

  static String setting(String name, String otherwise) {
    String value = System.getenv(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  /** Sets the password of the repository. */
  void password(String password) {
    velero.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: %s}
        stringData: {password: "%s"}
        """
            .formatted(SECRET, password));
  }

  /** Installs it, or changes what is installed. */
  private void upgrade(String... values) {
    int colon = IMAGE.lastIndexOf(':');
    List<String> command =
        new ArrayList<>(
            List.of(
                "helm",
                "upgrade",
                "--install",
                RELEASE,
                CHART.toString(),
                "--namespace",
                NAMESPACE,
                "--set",
                "image.repository=" + IMAGE.substring(0, colon),
                "--set",
                "image.tag=" + IMAGE.substring(colon + 1),
                "--set",
                "repository.password.existingSecret=" + SECRET,
                "--set",
                "pods.resources=null"));
    for (String value : values) {
      command.addAll(List.of("--set", value));
    }
    require(command);
    velero.run("rollout", "status", "deployment/" + RELEASE, "--timeout=120s");
  }

  static String require(List<String> command) {
    Kubectl.Result result = Kubectl.process(command, "");
    assertThat(result.exitCode())
        .as("%s: %s%s", String.join(" ", command), result.out(), result.err())
        .isZero();
    return result.out().strip();
  }

  /** Restores a backup with Velero, to its end. */
  void restore(String name, String backup, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("restore", "create", name, "--from-backup", backup));
    arguments.addAll(List.of(more));
    velero(arguments.toArray(String[]::new));
    String phase =
        Waiting.until(
            "restore " + name,
            () -> velero.run("get", "restore", name, Backup.phase()),
            Waiting::ended);
    assertThat(phase)
        .as(
            "restore %s: %s",
            name, velero.run("get", "datadownloads", "-o", "jsonpath={.items[*].status}"))
        .isEqualTo("Completed");
  }

  /** Runs velero's own command line. */
  static String velero(String... arguments) {
    List<String> command = new ArrayList<>(List.of("velero", "--namespace", NAMESPACE));
    command.addAll(List.of(arguments));
    return require(command);
  }

  /** Begins a backup of a namespace; the name says what for. */
  Backup begin(String what, String namespace, String... more) {
    String name = run + "-" + what;
    backups.add(name);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "backup",
                "create",
                name,
                "--include-namespaces",
                namespace,
                "--snapshot-move-data",
                "--data-mover",
                "blockmover"));
    arguments.addAll(List.of(more));
    velero(arguments.toArray(String[]::new));
    return new Backup(velero, name);
  }

  /** Names of what the mover has made and not removed, of one kind, in all namespaces. */
  static List<String> ours(String kind) {
    return require(
            List.of(
                "kubectl",
                "get",
                kind,
                "--all-namespaces",
                "-l",
                OURS,
                "--ignore-not-found",
                "-o",
                "jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name}{'\\n'}{end}"))
        .lines()
        .filter(name -> !name.isBlank())
        .toList();
  }

  /** Nothing of ended transfers is left but so many kept snapshots. */
  static void assertNothingIsLeftBut(int snapshots) {
    for (String kind : List.of("pods", "persistentvolumeclaims", "persistentvolumes")) {
      assertThat(ours(kind)).as(kind).isEmpty();
    }
    assertThat(ours("volumesnapshotcontents")).as("kept snapshots").hasSize(snapshots);
  }

  /** Ends all that works, as an administrator does, and looks whether anything is left. */
  private void uninstall() {
    require(List.of("helm", "uninstall", RELEASE, "--namespace", NAMESPACE, "--timeout", "5m"));
    assertNothingIsLeftBut(0);
    assertThat(ours("volumesnapshots")).isEmpty();
    for (String kind : List.of("datauploads", "datadownloads")) {
      assertThat(velero.run("get", kind, "-o", "jsonpath={.items[*].metadata.finalizers}"))
          .as(kind)
          .doesNotContain("blockmover");
    }
  }

  /** Removes it, and installs it anew. */
  void reinstall() {
    uninstall();
    upgrade();
  }

  @Override
  public void close() {
    for (String backup : backups) {
      Kubectl.process(
          List.of("velero", "--namespace", NAMESPACE, "backup", "delete", backup, "--confirm"), "");
    }
    uninstall();
    velero.run("delete", "secret", SECRET, "--ignore-not-found");
  }
}
