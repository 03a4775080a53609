package io.blockmover.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A namespace of its own with an application's volume: written past the page cache by a pod,
 * snapshotted, and restored into Block volumes that mover's pods read. All gone with {@link
 * #close()}.
 */
final class ClusterApp implements AutoCloseable {

  static final String IMAGE = System.getenv().getOrDefault("MOVER_TEST_IMAGE", "");
  private static final String TIMEOUT = "--timeout=90s";

  final Kubectl kubectl = new Kubectl("mover-it-" + UUID.randomUUID().toString().substring(0, 8));

  ClusterApp() {
    kubectl.run("create", "namespace", namespace());
    kubectl.run("create", "serviceaccount", "mover");
    Kubectl.Result rights = LocalMover.run("doctor", "--rbac", namespace() + "/mover");
    assertThat(rights.exitCode()).as(rights.err()).isZero();
    kubectl.apply(rights.out());
    secret("MOVER_PASSWORD", "secret of the test");
  }

  String namespace() {
    return kubectl.namespace();
  }

  /** The secret {@code mover}: how pods reach the repository, which is this namespace's own. */
  private void secret(String passwordKey, String password) {
    String prefix = System.getenv("MOVER_TEST_S3_BUCKET") + "/" + namespace();
    kubectl.run(
        "create",
        "secret",
        "generic",
        "mover",
        "--from-literal=MOVER_REPO=s3://" + prefix,
        "--from-literal=MOVER_S3_ENDPOINT=" + System.getenv("MOVER_TEST_S3_ENDPOINT"),
        "--from-literal=MOVER_S3_PATH_STYLE=true",
        "--from-literal=AWS_REGION=us-east-1",
        "--from-literal=AWS_ACCESS_KEY_ID=" + System.getenv("AWS_ACCESS_KEY_ID"),
        "--from-literal=AWS_SECRET_ACCESS_KEY=" + System.getenv("AWS_SECRET_ACCESS_KEY"),
        "--from-literal=" + passwordKey + "=" + password);
  }

  /** A claim in Block mode; of a VolumeSnapshot if one is named. */
  void claim(String name, String size, String snapshot) {
    String source =
        snapshot.isEmpty()
            ? "null"
            : "{apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: " + snapshot + "}";
    kubectl.apply(
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: %s}
        spec:
          accessModes: [ReadWriteOnce]
          volumeMode: Block
          resources: {requests: {storage: %s}}
          dataSource: %s
        """
            .formatted(name, size, source));
  }

  /** A pod that holds a claim as /dev/xvda and waits for {@link #exec}. */
  void holder(String name, String claim) {
    pod(name, claim, "command: [/bin/sleep, '3600']");
    kubectl.run("wait", "--for=condition=Ready", "pod/" + name, TIMEOUT);
  }

  /** Runs a shell command in a pod. */
  String exec(String pod, String command) {
    return kubectl.run("exec", pod, "--", "/bin/sh", "-ec", command);
  }

  /** Writes blocks of 4 KiB of random data from a block on, past the page cache. */
  void write(String pod, int firstBlock, int blocks) {
    exec(
        pod,
        "dd if=/dev/urandom of=/dev/xvda bs=4k seek=%d count=%d oflag=direct 2>&1; sync"
            .formatted(firstBlock, blocks));
  }

  /** Takes a VolumeSnapshot and waits for it. */
  void snapshot(String name, String claim) {
    kubectl.apply(
        """
        apiVersion: snapshot.storage.k8s.io/v1
        kind: VolumeSnapshot
        metadata: {name: %s}
        spec: {source: {persistentVolumeClaimName: %s}}
        """
            .formatted(name, claim));
    kubectl.run(
        "wait", "--for=jsonpath={.status.readyToUse}=true", "volumesnapshot/" + name, TIMEOUT);
  }

  /** Runs mover to its end in a pod that holds a claim as /dev/xvda, and gives what it printed. */
  String mover(String pod, String claim, String... arguments) {
    Kubectl.Result result = attemptMover(pod, claim, arguments);
    assertThat(result.exitCode()).as(result.out()).isZero();
    return result.out();
  }

  /** As {@link #mover}, whatever comes of it. */
  Kubectl.Result attemptMover(String pod, String claim, String... arguments) {
    String list =
        Arrays.stream(arguments).map(a -> "'" + a + "'").collect(Collectors.joining(", "));
    pod(pod, claim, "args: [" + list + "]");
    kubectl.run(
        "wait",
        "--for=jsonpath={.status.containerStatuses[0].state.terminated}",
        "pod/" + pod,
        TIMEOUT);
    String code =
        kubectl.run(
            "get",
            "pod",
            pod,
            "-o",
            "jsonpath={.status.containerStatuses[0].state.terminated.exitCode}");
    String log = kubectl.run("logs", pod);
    kubectl.run("delete", "pod", pod, "--wait=true");
    return new Kubectl.Result(Integer.parseInt(code), log, "");
  }

  private void pod(String name, String claim, String command) {
    String device = claim.isEmpty() ? "[]" : "[{name: volume, devicePath: /dev/xvda}]";
    String volume =
        claim.isEmpty() ? "[]" : "[{name: volume, persistentVolumeClaim: {claimName: %s}}]";
    kubectl.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          restartPolicy: Never
          terminationGracePeriodSeconds: 1
          serviceAccountName: mover
          containers:
            - name: mover
              image: %s
              imagePullPolicy: IfNotPresent
              %s
              envFrom: [{secretRef: {name: mover}}]
              securityContext: {runAsUser: 0}
              volumeDevices: %s
          volumes: %s
        """
            .formatted(name, IMAGE, command, device, volume.formatted(claim)));
  }

  /** Names of all objects of a kind in the namespace. */
  List<String> names(String kind) {
    return kubectl
        .run("get", kind, "-o", "jsonpath={range .items[*]}{.metadata.name}{'\\n'}{end}")
        .lines()
        .toList();
  }

  /** A number that a document of mover names. */
  static long number(String json, String field) {
    Matcher matcher = Pattern.compile("\"" + field + "\":(\\d+)").matcher(json);
    long found = -1;
    while (matcher.find()) {
      found = Long.parseLong(matcher.group(1));
    }
    assertThat(found).as("%s in %s", field, json).isNotNegative();
    return found;
  }

  @Override
  public void close() {
    kubectl.run("delete", "pods", "--all", "--wait=true");
    kubectl.run("delete", "namespace", namespace(), "--wait=false");
  }
}
