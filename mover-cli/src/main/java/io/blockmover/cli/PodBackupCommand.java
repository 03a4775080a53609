package io.blockmover.cli;

import io.blockmover.cli.output.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mover pod backup}. */
@Command(
    name = "backup",
    header = "Back up the pod's volume.",
    description = {
      "Makes the repository first if there is none, encrypted. Several pods may do so at once."
    },
    footer = {
      "  mover pod backup --snapshot velero/bm-3f2a --volume app/data@77c0 --tag velero-backup=b"
    })
final class PodBackupCommand extends PodSubcommand {

  @Mixin private final BackupOptions backup = new BackupOptions();

  @Override
  void check() throws Complaint {
    backup.check();
    if (backup.volume().isEmpty()) {
      throw Complaint.usage(
          "the volume has no name", "give --volume: backups of one name follow each other");
    }
  }

  @Override
  boolean makesRepository() {
    return true;
  }

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    return new BackupWork(output, surroundings(), interruption(), open, counts())
        .run(device(), new CephOptions(), backup);
  }
}
