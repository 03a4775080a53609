package io.blockmover.cli;

import picocli.CommandLine.Command;

/** {@code mover cbt}. */
@Command(
    name = "cbt",
    header = "Changed block tracking as Kubernetes' CSI drivers offer it.",
    subcommands = {
      CbtListCommand.class,
      CbtStatusCommand.class,
      CbtVerifyCommand.class,
      CbtServeCommand.class
    })
final class CbtCommand extends CommandGroup {}
