package io.blockmover.cli;

import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root command. */
@Command(
    name = "mover",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    header = "Back up block devices and disk images to a directory or to S3, and restore them.",
    description = {
      "%nDeduplicated, compressed, encrypted; an incremental stores only what changed, and any"
          + " backup can be restored or forgotten on its own.%n",
      "Try it without preparation:  mover demo%n",
      "The first backup:",
      "  export MOVER_REPO=s3://bucket/prefix     # or a directory",
      "  export MOVER_PASSWORD_FILE=~/.mover-password",
      "  mover init",
      "  mover backup /dev/vg0/data",
      "  mover list",
      "  mover restore latest /dev/vg0/data-copy",
      "",
      "Each command explains itself:  mover COMMAND --help%n"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:done",
      " 1:failed",
      " 2:the command was not given as it must be",
      " 3:partly done (something could not be read, and was left out)",
      "10:there is no repository",
      "11:busy: somebody else is changing the same thing",
      "12:wrong password",
      "130:interrupted"
    },
    footerHeading = "%nEnvironment:%n",
    footer = {
      "  MOVER_REPO              the repository, instead of --repo",
      "  MOVER_PASSWORD_FILE     file whose first line is the password",
      "  MOVER_PASSWORD_COMMAND  command that prints it",
      "  MOVER_PASSWORD          the password itself",
      "  AWS_PROFILE, AWS_ACCESS_KEY_ID, ...  credentials for s3://, as for every AWS tool",
      "  HTTPS_PROXY, HTTP_PROXY, NO_PROXY    proxies",
      "  MOVER_HEAP              size of the Java heap, such as 512m"
    })
final class Mover implements Runnable {

  private final Surroundings surroundings;
  private final Interruption interruption;
  private final Consumer<Map<String, ?>> documents;

  @Spec private @Nullable CommandSpec spec;

  Mover(Surroundings surroundings, Interruption interruption) {
    this(surroundings, interruption, document -> {});
  }

  /**
   * @param documents takes each result that is printed as JSON
   */
  Mover(Surroundings surroundings, Interruption interruption, Consumer<Map<String, ?>> documents) {
    this.surroundings = surroundings;
    this.interruption = interruption;
    this.documents = documents;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  Interruption interruption() {
    return interruption;
  }

  Consumer<Map<String, ?>> documents() {
    return documents;
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "no command was given");
  }
}
