package io.blockmover.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code mover cbt serve}, running in this process until it is closed. */
final class RunningServer implements AutoCloseable {

  private final Interruption interruption = new Interruption();
  private final CompletableFuture<Integer> port = new CompletableFuture<>();
  private final CompletableFuture<Integer> exitCode;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  RunningServer(Map<String, String> environment, String... arguments) {
    Surroundings around =
        new Surroundings(
            environment,
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(new PortReader(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            question -> Optional.empty(),
            0);
    exitCode =
        CompletableFuture.supplyAsync(
            () -> {
              int code = new CommandLineProgram(around, interruption).run(arguments);
              port.completeExceptionally(
                  new IllegalStateException(err.toString(StandardCharsets.UTF_8)));
              return code;
            },
            work -> Thread.ofPlatform().daemon().name("cbt-serve").start(work));
  }

  int port() throws Exception {
    return port.get(60, TimeUnit.SECONDS);
  }

  /** Its warnings until now. */
  String said() {
    return err.toString(StandardCharsets.UTF_8);
  }

  int stop() throws Exception {
    interruption.request();
    return exitCode.get(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    stop();
  }

  /** Waits for the line with the port. */
  private final class PortReader extends ByteArrayOutputStream {
    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      super.write(bytes, offset, length);
      String text = toString(StandardCharsets.UTF_8);
      int end = text.indexOf('\n');
      if (text.startsWith("listening on ") && end > 0) {
        port.complete(Integer.valueOf(text.substring(text.lastIndexOf(':') + 1, end)));
      }
    }
  }
}
