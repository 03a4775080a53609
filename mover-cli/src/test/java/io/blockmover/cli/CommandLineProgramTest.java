package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class CommandLineProgramTest {

  private final MoverRun mover = new MoverRun();

  /** Our own commands; those of picocli have help of their own. */
  static Stream<String> commands() {
    return CommandLineProgram.bare(new Mover(new MoverRun().surroundings(), new Interruption()))
        .getSubcommands()
        .values()
        .stream()
        .filter(line -> line.getCommand() instanceof Subcommand)
        .map(CommandLine::getCommandName)
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandTeaches(String command) {
    MoverRun.Outcome outcome = mover.run(command, "--help");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .contains("Usage: mover " + command, "Examples:", "Exit codes:", "Environment:", "--json");
  }

  @Test
  void noCommandIsAMatterOfUsage() {
    MoverRun.Outcome outcome = mover.run();
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("no command was given", "mover --help");
  }

  @Test
  void anUnknownOptionIsNamed() {
    MoverRun.Outcome outcome = mover.run("version", "--frobnicate");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("--frobnicate", "see mover version --help");
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void errorsAreJsonToo() {
    MoverRun.Outcome outcome = mover.run("version", "--json", "--frobnicate");
    assertThat(outcome.out()).startsWith("{\"type\":\"error\",\"exitCode\":2,\"kind\":\"usage\"");
  }

  @Test
  void runningOutOfMemoryIsNoInterruption() {
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int value) {
            throw new OutOfMemoryError("Java heap space");
          }
        };
    MoverRun.Outcome outcome = mover.runOnto(out, "version");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("out of memory: Java heap space", "MOVER_HEAP");
  }

  @Test
  void versionIsJsonOnDemand() {
    assertThat(mover.run("version", "--json").out()).startsWith("{\"mover\":").endsWith("}\n");
    assertThat(mover.run("--version").out()).startsWith("mover ");
  }

  @Test
  void completionIsGenerated() {
    assertThat(mover.run("generate-completion").out()).contains("complete -F");
  }

  @Test
  void verbosityIsFoundAheadOfParsing() {
    assertThat(LogLevels.verbosity("backup", "-vv", "x")).isEqualTo(2);
    assertThat(LogLevels.verbosity("-v", "list", "--verbose")).isEqualTo(2);
    assertThat(LogLevels.verbosity("list", "--volume", "--", "-v")).isZero();
  }
}
