package io.blockmover.cli.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** The rig's snapshot-metadata sidecar: a process that can die and be started again. */
public final class Sidecar {

  private static final String NAME = "csi-snapshot-metadata";
  private static final int PORT = 50051;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path pidFile = Path.of(System.getenv("RIG_DIR"), "run", NAME + ".pid");
  private final Path process;
  private final long writtenBefore;
  private ProcessBuilder again = new ProcessBuilder();

  public Sidecar() throws IOException {
    process = Path.of("/proc", Files.readString(pidFile).split(" ")[0]);
    writtenBefore = written();
  }

  /** All that it ever wrote, to sockets above all. */
  private long written() throws IOException {
    return Files.readAllLines(process.resolve("io")).stream()
        .filter(line -> line.startsWith("wchar: "))
        .mapToLong(line -> Long.parseLong(line.substring("wchar: ".length())))
        .sum();
  }

  /** Waits until it has passed on so many bytes and has nothing more to pass on. */
  void awaitStalledStream(long bytes) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    long last = -1;
    for (long now = written(); now < writtenBefore + bytes || now != last; now = written()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the sidecar passed on " + (now - writtenBefore) + " bytes only");
      }
      last = now;
      Thread.sleep(500); // its own silence is what is waited for
    }
  }

  /** Kills it as the kernel would, and starts the same again, where down.sh will find it. */
  public void killAndRestart() throws IOException, InterruptedException {
    kill();
    start();
  }

  /** Kills it as the kernel would; nobody listens then. */
  public void kill() throws IOException, InterruptedException {
    again = new ProcessBuilder(nullSeparated("cmdline"));
    again.command().set(0, process.resolve("exe").toRealPath().toString());
    again.environment().clear();
    for (String entry : nullSeparated("environ")) {
      String[] parts = entry.split("=", 2);
      again.environment().put(parts[0], parts[1]);
    }
    new ProcessBuilder("kill", "-KILL", process.getFileName().toString()).start().waitFor();
    while (isListening()) {
      Thread.onSpinWait();
    }
  }

  /** Starts it as it was when it was killed. */
  public void start() throws IOException {
    Path log = pidFile.resolve("../../log/" + NAME + ".log").normalize();
    Process started =
        again
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    String stat = Files.readString(Path.of("/proc", String.valueOf(started.pid()), "stat"));
    String startTime = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
    Files.writeString(pidFile, started.pid() + " " + startTime + "\n");
  }

  private List<String> nullSeparated(String file) throws IOException {
    return Arrays.asList(new String(Files.readAllBytes(process.resolve(file)), UTF_8).split("\0"));
  }

  private static boolean isListening() throws IOException {
    try (Socket socket = new Socket("127.0.0.1", PORT)) {
      return socket.isConnected();
    } catch (ConnectException e) {
      return false;
    }
  }
}
