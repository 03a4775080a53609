package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The completion script in a real bash, asked as a tab key does. */
class CompletionTest {

  /** Outside of a completion, bash has no options of one to set. */
  private static final String ASK =
      """
      compopt() { :; }
      source "$0"
      complete -p mover > /dev/null || exit 1
      COMP_WORDS=("$@")
      COMP_CWORD=$(($# - 1))
      _complete_mover
      echo "${COMPREPLY[@]}"
      """;

  @TempDir private Path directory;

  private String offered(String... words) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs bash");
    Path script = directory.resolve("completion");
    Files.write(script, new MoverRun().run("generate-completion").bytes());
    ProcessBuilder builder = new ProcessBuilder("/bin/bash", "--norc", "-c", ASK);
    builder.command().add(script.toString());
    builder.command().add("mover");
    builder.command().addAll(List.of(words));
    Process bash = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).isZero();
    return said.strip();
  }

  @Test
  void commandsAreCompleted() throws Exception {
    assertThat(offered("")).contains("init backup restore", "verify check");
    assertThat(offered("ba")).isEqualTo("backup");
    assertThat(offered("hel")).isEqualTo("help");
  }

  @Test
  void optionsAndTheirValuesAreCompleted() throws Exception {
    assertThat(offered("backup", "--vol")).isEqualTo("--volume");
    assertThat(offered("snapshots", "--lat")).isEqualTo("--latest");
    assertThat(offered("verify", "--level", "")).isEqualTo("existence tables data device");
    assertThat(offered("backup", "--memory", "s")).isEqualTo("small standard");
  }

  @Test
  void namesOfFilesAreLeftToTheShell() throws Exception {
    assertThat(offered("restore", "latest", "/tm")).isEmpty();
  }
}
