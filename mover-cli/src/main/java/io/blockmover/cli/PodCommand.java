package io.blockmover.cli;

import picocli.CommandLine.Command;

/** {@code mover pod}. */
@Command(
    name = "pod",
    header = "What mover's pods run on a cluster with Velero. Not for people.",
    description = {
      "Everything is printed as lines of JSON; the last one also goes to the file that"
          + " MOVER_TERMINATION_LOG names (/dev/termination-log). Nobody is asked anything."
    },
    subcommands = {PodBackupCommand.class, PodRestoreCommand.class, PodSweepCommand.class})
final class PodCommand extends CommandGroup {}
