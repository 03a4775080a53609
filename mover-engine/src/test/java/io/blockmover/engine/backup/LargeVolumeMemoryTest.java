package io.blockmover.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Memory must not depend on the size of the volume. {@code -Dlarge.volume.allocated=100} for the
 * long form.
 */
@Tag("slow")
class LargeVolumeMemoryTest {

  private static final String ALLOCATED_GIB = System.getProperty("large.volume.allocated", "3");

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"standard,512,128m", "small,256,72m"})
  void eightTebibytesFitIntoTheMemoryOfTheProfile(String profile, int limitMiB, String heap)
      throws Exception {
    assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "the kernel's figure needs /proc");
    Path output = directory.resolve("output");
    ProcessBuilder asTheLauncherDoes =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-Xmx" + heap,
                    "-XX:MaxDirectMemorySize=400m",
                    "-XX:+UseSerialGC",
                    "-XX:CompileThresholdScaling=4",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    LargeVolume.class.getName(),
                    directory.resolve("repository").toString(),
                    "8192",
                    ALLOCATED_GIB,
                    profile))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    asTheLauncherDoes.environment().put("MALLOC_ARENA_MAX", "2");
    Process process = asTheLauncherDoes.start();
    boolean ended = process.waitFor(2, TimeUnit.HOURS);
    String text = Files.readString(output);
    assertThat(ended && process.exitValue() == 0).as(text).isTrue();
    System.out.println(profile + ": " + text.replace('\n', ' '));
    long kib = Long.parseLong(text.substring(text.indexOf("VmHWM:") + 6).replaceAll("[^0-9]", ""));
    assertThat(kib).as(text).isLessThanOrEqualTo(limitMiB * 1024L);
  }
}
