package io.blockmover.cli;

import picocli.CommandLine.Command;

/** {@code mover rbd}. */
@Command(
    name = "rbd",
    header = "What Ceph says of an RBD image and its snapshots.",
    subcommands = {RbdListCommand.class, RbdStatusCommand.class})
final class RbdCommand extends CommandGroup {}
