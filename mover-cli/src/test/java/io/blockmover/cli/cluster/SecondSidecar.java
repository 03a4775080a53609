package io.blockmover.cli.cluster;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The rig's own snapshot-metadata service, beside the real one: it also speaks v1alpha1. */
final class SecondSidecar implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final int port;
  private final Path authority;
  private final Process process;

  SecondSidecar(Path directory, String... more) throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    authority = directory.resolve("authority-" + port + ".pem");
    List<String> command =
        new ArrayList<>(
            List.of("rig-snapshot-metadata", "--kubeconfig", System.getenv("KUBECONFIG")));
    command.addAll(List.of("--csi-address", System.getenv("RIG_DIR") + "/csi/csi.sock"));
    command.addAll(List.of("--port", String.valueOf(port), "--write-ca", authority.toString()));
    command.addAll(List.of(more));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("sidecar-" + port + ".log").toFile())
            .start();
    awaitListening();
  }

  private void awaitListening() throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        return;
      } catch (ConnectException e) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** What goes into spec.caCert. */
  String authority() throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(authority));
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
