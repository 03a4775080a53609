package io.blockmover.cli.velero;

import io.blockmover.cli.cluster.Kubectl;
import java.util.UUID;

/**
 * A namespace of its own with an application on two volumes: claim {@code device} in Block mode,
 * and claim {@code files} with a file system. Gone with {@link #close()}.
 */
final class App implements AutoCloseable {

  static final String DEVICE = "device";
  static final String FILES = "files";
  private static final String TIMEOUT = "--timeout=120s";

  final Kubectl kubectl;

  /** An application with its volumes, empty, and a pod on each. */
  static App create() {
    App app = at("app-" + UUID.randomUUID().toString().substring(0, 6));
    app.kubectl.run("create", "namespace", app.namespace());
    app.claim(DEVICE, "64Mi", "Block");
    app.claim(FILES, "64Mi", "Filesystem");
    app.start();
    return app;
  }

  /** One that a restore has made, or will. */
  static App at(String namespace) {
    return new App(new Kubectl(namespace));
  }

  private App(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  String namespace() {
    return kubectl.namespace();
  }

  void claim(String name, String size, String mode) {
    kubectl.apply(
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: %s}
        spec:
          accessModes: [ReadWriteOnce]
          volumeMode: %s
          resources: {requests: {storage: %s}}
        """
            .formatted(name, mode, size));
  }

  /** Starts both pods, which Velero is told to leave out, and waits for them. */
  void start() {
    pod(DEVICE, "volumeDevices: [{name: volume, devicePath: /dev/volume}]");
    pod(FILES, "volumeMounts: [{name: volume, mountPath: /volume}]");
    awaitPods();
  }

  void awaitPods() {
    kubectl.run("wait", "--for=condition=Ready", "pod/" + DEVICE, "pod/" + FILES, TIMEOUT);
  }

  private void pod(String claim, String volume) {
    kubectl.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %1$s}
        spec:
          terminationGracePeriodSeconds: 1
          containers:
            - name: app
              image: %2$s
              imagePullPolicy: IfNotPresent
              command: [sleep, "100000"]
              %3$s
          volumes: [{name: volume, persistentVolumeClaim: {claimName: %1$s}}]
        """
            .formatted(claim, Installation.APP_IMAGE, volume));
  }

  String exec(String pod, String command) {
    return kubectl.run("exec", pod, "--", "/bin/sh", "-ec", command);
  }

  /** Writes blocks of 4 KiB of random data to the device. */
  void writeDevice(int firstBlock, int blocks) {
    exec(
        DEVICE,
        "dd if=/dev/urandom of=/dev/volume bs=4096 seek=%d count=%d conv=fsync 2>&1"
            .formatted(firstBlock, blocks));
  }

  /** Writes a file of random data. */
  void writeFile(String name, int blocks) {
    exec(
        FILES,
        "dd if=/dev/urandom of=/volume/%s bs=4096 count=%d 2>&1; sync".formatted(name, blocks));
  }

  /** What both volumes hold, byte for byte. */
  String content() {
    return exec(DEVICE, "sha256sum </dev/volume")
        + exec(FILES, "cd /volume; find . -type f | sort | xargs sha256sum");
  }

  @Override
  public void close() {
    kubectl.attempt("", "delete", "namespace", namespace(), "--ignore-not-found", TIMEOUT);
  }
}
