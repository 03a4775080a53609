package io.blockmover.cli;

import picocli.CommandLine.Command;

/** {@code mover keys}. */
@Command(
    name = "keys",
    header = "The passwords that open a repository.",
    subcommands = {
      KeysListCommand.class,
      KeysAddCommand.class,
      KeysChangeCommand.class,
      KeysRemoveCommand.class
    })
final class KeysCommand extends CommandGroup {}
