package io.blockmover.cli.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.cli.Complaint;
import io.blockmover.cli.Surroundings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordSourceTest {

  @TempDir private Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private final Deque<String> typed = new ArrayDeque<>();
  private final List<String> warnings = new ArrayList<>();

  private PasswordSource source(Path file) {
    Surroundings surroundings =
        new Surroundings(
            environment,
            InputStream.nullInputStream(),
            System.out,
            System.err,
            question -> Optional.ofNullable(typed.poll()),
            0);
    return new PasswordSource(surroundings, file, warnings::add);
  }

  private Path file(String content, String permissions) throws IOException {
    Path file = Files.writeString(directory.resolve("password"), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void theFirstLineOfTheFileIsThePassword() throws Exception {
    assertThat(source(file("secret word\nsecond line\n", "rw-------")).existing())
        .isEqualTo("secret word");
    assertThat(warnings).isEmpty();
  }

  @Test
  void aFileThatOthersCanReadIsWarnedOf() throws Exception {
    assertThat(source(file("secret", "rw-r--r--")).existing()).isEqualTo("secret");
    assertThat(warnings).singleElement().asString().contains("chmod 600");
  }

  @Test
  void theFileComesBeforeTheCommandAndTheCommandBeforeTheVariable() throws Exception {
    environment.put("MOVER_PASSWORD", "of the variable");
    assertThat(source(null).existing()).isEqualTo("of the variable");
    environment.put("MOVER_PASSWORD_COMMAND", "echo of the command; echo more");
    assertThat(source(null).existing()).isEqualTo("of the command");
    environment.put("MOVER_PASSWORD_FILE", file("of the file", "rw-------").toString());
    assertThat(source(null).existing()).isEqualTo("of the file");
  }

  @Test
  void aCommandThatFailsIsNoPassword() {
    environment.put("MOVER_PASSWORD_COMMAND", "echo secret; exit 3");
    assertThatThrownBy(() -> source(null).existing())
        .isInstanceOf(Complaint.class)
        .hasMessageContaining("status 3");
  }

  @Test
  void anEmptyPasswordIsRefused() throws Exception {
    Path empty = file("\nsecond\n", "rw-------");
    assertThatThrownBy(() -> source(empty).existing())
        .isInstanceOf(Complaint.class)
        .hasMessageContaining("is empty");
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = directory.resolve("missing");
    assertThatThrownBy(() -> source(missing).existing())
        .isInstanceOf(Complaint.class)
        .hasMessageContaining(missing.toString());
  }

  @Test
  void aNewPasswordIsAskedForTwice() throws Exception {
    typed.add("one");
    typed.add("one");
    assertThat(source(null).chosen()).isEqualTo("one");
    typed.add("one");
    typed.add("two");
    assertThatThrownBy(() -> source(null).chosen()).hasMessageContaining("differ");
  }

  @Test
  void withoutTerminalTheWaysAreNamed() {
    assertThatThrownBy(() -> source(null).existing())
        .isInstanceOfSatisfying(
            Complaint.class, e -> assertThat(e.advice()).contains("MOVER_PASSWORD_FILE"));
  }
}
