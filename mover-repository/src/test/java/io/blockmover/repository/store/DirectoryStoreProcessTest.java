package io.blockmover.repository.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conditional writes hold between processes. */
@Tag("slow")
class DirectoryStoreProcessTest {

  private static final int RACERS = 3;

  @TempDir Path root;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void endProcesses() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void noKeyIsWonTwiceAndNoSwapIsLostBetweenProcesses() throws Exception {
    DirectoryStore store = new DirectoryStore(root);
    store.put("v/HEAD", ByteBuffer.wrap("0 start".getBytes(UTF_8)));
    List<BufferedReader> outputs = new ArrayList<>();
    for (int racer = 0; racer < RACERS; racer++) {
      outputs.add(start("racer-" + racer).inputReader(UTF_8));
    }
    for (BufferedReader output : outputs) {
      assertThat(output.readLine()).isEqualTo("ready");
    }
    for (Process process : processes) {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    }
    int won = 0;
    int swapped = 0;
    for (BufferedReader output : outputs) {
      String[] counts = output.readLine().split(" ");
      won += Integer.parseInt(counts[0]);
      swapped += Integer.parseInt(counts[1]);
    }
    assertThat(won).isEqualTo(StoreRacer.KEYS);
    assertThat(new String(store.load("v/HEAD", 100).bytes(), UTF_8)).startsWith(swapped + " ");
    assertThat(swapped).isGreaterThanOrEqualTo(StoreRacer.SWAPS);
    try (Stream<Path> left = Files.list(root.resolve("tmp~"))) {
      assertThat(left).isEmpty();
    }
  }

  private Process start(String name) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                StoreRacer.class.getName(),
                root.toString(),
                name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    processes.add(process);
    return process;
  }
}
