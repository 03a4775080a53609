package io.blockmover.cli;

/** Starts the command line. */
public final class Main {

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLineProgram(Surroundings.ofProcess(), Interruption.ofProcess()).run(arguments));
  }
}
