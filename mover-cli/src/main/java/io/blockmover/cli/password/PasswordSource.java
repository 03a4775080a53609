package io.blockmover.cli.password;

import io.blockmover.cli.Complaint;
import io.blockmover.cli.Surroundings;
import io.blockmover.velero.location.SamplePassword;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the password: a file, a command, the environment, or a person at the terminal, in this
 * order. Never an argument, which every user of the machine could read.
 */
public final class PasswordSource {

  private static final String WAYS =
      "set MOVER_PASSWORD_FILE, MOVER_PASSWORD_COMMAND or MOVER_PASSWORD, or run this on a"
          + " terminal";

  private final Surroundings surroundings;
  private final @Nullable Path file;
  private final Consumer<String> warnings;

  /**
   * @param file as given on the command line, null if it was not
   * @param warnings takes what the user should know
   */
  public PasswordSource(Surroundings surroundings, @Nullable Path file, Consumer<String> warnings) {
    this.surroundings = surroundings;
    this.file = file;
    this.warnings = warnings;
  }

  /** The password of a repository that exists. */
  public String existing() throws Complaint {
    Optional<String> given = unattended();
    return given.isPresent() ? given.get() : asked("password of the repository");
  }

  /** The password for a new repository: a person is asked twice. */
  public String chosen() throws Complaint {
    Optional<String> given = unattended();
    return given.isPresent()
        ? given.get()
        : askedTwice("choose a password (without it nobody can restore)");
  }

  /**
   * A further password: of a file, else of a person, who is asked twice. The environment holds the
   * password in use.
   *
   * @param newFile null if none was named
   */
  public String further(@Nullable Path newFile) throws Complaint {
    return newFile == null ? askedTwice("the new password") : ofFile(newFile);
  }

  private String askedTwice(String question) throws Complaint {
    String first = asked(question);
    if (!first.equals(asked("the same again"))) {
      throw Complaint.failure("the two passwords differ", "try again");
    }
    return first;
  }

  /** The password as far as it can be had without asking anybody. */
  public Optional<String> unattended() throws Complaint {
    Optional<Path> path =
        Optional.ofNullable(file)
            .or(() -> surroundings.variable("MOVER_PASSWORD_FILE").map(Path::of));
    if (path.isPresent()) {
      return Optional.of(ofFile(path.get()));
    }
    Optional<String> command = surroundings.variable("MOVER_PASSWORD_COMMAND");
    if (command.isPresent()) {
      return Optional.of(ofCommand(command.get()));
    }
    return surroundings.variable("MOVER_PASSWORD");
  }

  /** The password, where nobody can be asked for it; not one that is printed in a manual. */
  public String required() throws Complaint {
    String password =
        unattended()
            .orElseThrow(
                () ->
                    Complaint.usage(
                        "no password of the repository was given, and there is none without",
                        "put one into a Secret, and its name into the chart's"
                            + " repository.password.existingSecret"));
    if (SamplePassword.isOne(password)) {
      throw Complaint.failure(
          "the repository's password is the one of an example",
          "put one of your own into the Secret, and keep a copy outside the cluster");
    }
    return password;
  }

  private String asked(String question) throws Complaint {
    String answer =
        surroundings
            .prompt()
            .apply(question)
            .orElseThrow(() -> Complaint.usage("no password was given", WAYS));
    return notEmpty(answer, "the password typed");
  }

  private String ofFile(Path path) throws Complaint {
    try {
      if (Files.isRegularFile(path) && readableByOthers(path)) {
        warnings.accept("password file " + path + " can be read by other users: chmod 600 " + path);
      }
      return notEmpty(firstLine(Files.readString(path)), "password file " + path);
    } catch (NoSuchFileException e) {
      throw Complaint.failure("password file " + path + " does not exist", WAYS);
    } catch (IOException e) {
      throw Complaint.failure("password file " + path + " cannot be read: " + e, WAYS);
    }
  }

  private static boolean readableByOthers(Path path) throws IOException {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
      return permissions.contains(PosixFilePermission.OTHERS_READ)
          || permissions.contains(PosixFilePermission.GROUP_READ);
    } catch (UnsupportedOperationException e) {
      return false;
    }
  }

  private static String ofCommand(String command) throws Complaint {
    try {
      Process process =
          new ProcessBuilder("sh", "-c", command)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .start();
      String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw Complaint.failure(
            "MOVER_PASSWORD_COMMAND ended with status " + status, "run it by hand: " + command);
      }
      return notEmpty(firstLine(answer), "what MOVER_PASSWORD_COMMAND printed");
    } catch (IOException e) {
      throw Complaint.failure("MOVER_PASSWORD_COMMAND cannot be run: " + e, WAYS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Complaint.failure("interrupted while MOVER_PASSWORD_COMMAND ran", "");
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private static String notEmpty(String password, String origin) throws Complaint {
    if (password.isEmpty()) {
      throw Complaint.failure(origin + " is empty", WAYS);
    }
    return password;
  }
}
