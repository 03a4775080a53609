package io.blockmover.cli;

import io.blockmover.cli.output.Output;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mover keys passwd}. */
@Command(
    name = "passwd",
    header = "Replace the password in use by another.",
    description =
        "Other passwords stay. Whoever has seen the old one and a copy of the store can still read"
            + " that copy.",
    footer = {"  mover keys passwd", "  mover keys passwd --new-password-file ./new.password"})
final class KeysChangeCommand extends RepositorySubcommand {

  @Option(
      names = "--new-password-file",
      paramLabel = "FILE",
      description = "File whose first line is the new password. Default: a question.")
  private @Nullable Path file;

  @Override
  int run(Output output, OpenRepository open) throws Exception {
    if (!open.repository().format().encrypted()) {
      throw Complaint.failure("the repository is not encrypted: it has no password", "");
    }
    String password = repositoryOptions().password(surroundings(), output).further(file);
    String slot = open.repository().keyring().change(password);
    output.line("the new password opens key slot " + slot + "; the slot of the old one is gone");
    output.document(Map.of("type", "key changed", "id", slot));
    return ExitCode.DONE;
  }
}
