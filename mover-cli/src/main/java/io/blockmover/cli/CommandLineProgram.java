package io.blockmover.cli;

import io.blockmover.cli.output.JsonLine;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Parses arguments, runs the command, and tells of failures in one way for all of them. */
final class CommandLineProgram {

  private static final int HELP_COLUMNS = 100;

  private final Surroundings surroundings;
  private final Interruption interruption;
  private Map<String, ?> last = Map.of();

  CommandLineProgram(Surroundings surroundings, Interruption interruption) {
    this.surroundings = surroundings;
    this.interruption = interruption;
  }

  /**
   * Runs a command.
   *
   * @return its exit code
   */
  int run(String... arguments) {
    LogLevels.choose(arguments);
    int code = requireWritten(execute(arguments));
    if (inPod(arguments)) {
      TerminationMessage.write(last, surroundings);
    }
    surroundings.err().flush();
    interruption.finished(code);
    return code;
  }

  private int execute(String... arguments) {
    Mover mover = new Mover(surroundings, interruption, document -> last = document);
    try {
      return commandLine(mover, arguments).execute(arguments);
    } catch (Error e) { // no memory, a class that is missing: it must not pass for an interruption
      return report(e, arguments);
    }
  }

  /** A print stream keeps its failures to itself: an empty result would pass for a good one. */
  private int requireWritten(int code) {
    if (!surroundings.out().checkError() || code != ExitCode.DONE) { // it flushes as well
      return code;
    }
    surroundings
        .err()
        .println("mover: the result is not whole: standard output took no more of it");
    surroundings.err().println("  what to do: look at its disk, or at the program that reads it");
    return ExitCode.FAILED;
  }

  /** The parser, with everything but the streams as in production. */
  static CommandLine bare(Mover mover, String... arguments) {
    CommandLine line = new CommandLine(mover);
    Commands.add(line, arguments);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setAbbreviatedOptionsAllowed(false);
    line.setUsageHelpWidth(HELP_COLUMNS);
    line.setUsageHelpLongOptionsMaxWidth(34);
    line.getSubcommands().values().forEach(CommandLineProgram::addEnvironment);
    CommandLine cbt = line.getSubcommands().get("cbt");
    if (cbt != null) { // has flags as Go's programs do: -namespace is not -n with a value
      cbt.setPosixClusteredShortOptionsAllowed(false);
    }
    return line;
  }

  private static void addEnvironment(CommandLine subcommand) {
    if (subcommand.getCommand() instanceof Subcommand) {
      UsageMessageSpec usage = subcommand.getCommandSpec().usageMessage();
      usage.footer(
          Stream.concat(
                  Arrays.stream(usage.footer()),
                  Stream.of(
                      "%nEnvironment:",
                      "  MOVER_REPO, MOVER_PASSWORD_FILE, MOVER_PASSWORD_COMMAND, MOVER_PASSWORD,"
                          + " MOVER_S3_...:%n  see mover --help"))
              .toArray(String[]::new));
    }
  }

  private CommandLine commandLine(Mover mover, String... arguments) {
    CommandLine line = bare(mover, arguments);
    line.setOut(new PrintWriter(surroundings.out(), true, surroundings.out().charset()));
    line.setErr(new PrintWriter(surroundings.err(), true, surroundings.err().charset()));
    line.setParameterExceptionHandler(usageErrors());
    line.setExecutionExceptionHandler(failures());
    return line;
  }

  private IParameterExceptionHandler usageErrors() {
    return (ParameterException e, String[] arguments) -> {
      String command = e.getCommandLine().getCommandSpec().qualifiedName();
      report(
          Complaint.usage(String.valueOf(e.getMessage()), "see " + command + " --help"), arguments);
      return ExitCode.USAGE;
    };
  }

  private IExecutionExceptionHandler failures() {
    return (Exception e, CommandLine line, ParseResult result) ->
        report(e, result.originalArgs().toArray(String[]::new));
  }

  private static boolean inPod(String... arguments) {
    return arguments.length > 0 && arguments[0].equals("pod");
  }

  private int report(Throwable cause, String... arguments) {
    Failure failure = Failure.of(cause);
    boolean verbose = LogLevels.verbosity(arguments) > 0;
    last = failure.document();
    if (inPod(arguments) || Arrays.asList(arguments).contains("--json")) {
      surroundings.out().println(JsonLine.of(failure.document()));
    }
    surroundings.err().println(failure.text());
    if (verbose) {
      cause.printStackTrace(surroundings.err());
    }
    return failure.exitCode();
  }
}
