package io.blockmover.ceph.rbd.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.ceph.rbd.librbd.ClusterSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionOptionsTest {

  @TempDir private Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private Path usual = Path.of("");

  @BeforeEach
  void aMachineWithCephConf() throws Exception {
    usual = Files.writeString(directory.resolve("ceph.conf"), "[global]\n");
  }

  private ClusterSettings of(String... namesAndValues) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      options.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new ConnectionOptions(options, environment, List.of(directory.resolve("none"), usual))
        .settings();
  }

  @Test
  void withoutAnyWordTheUsualFileAndTheAdminAreTaken() {
    assertThat(of().configurationFile()).isEqualTo(usual.toString());
    assertThat(of().user()).isEqualTo("admin");
  }

  @Test
  void whatRbdsUsersHaveInTheirEnvironmentCounts() {
    environment.put(
        "CEPH_ARGS", " --id mover -m v2:10.0.0.1:3300 --keyring=/k --rbd-default-pool x ");
    assertThat(of().user()).isEqualTo("mover");
    assertThat(of().options())
        .containsEntry("mon_host", "v2:10.0.0.1:3300")
        .containsEntry("keyring", "/k")
        .containsEntry("rbd_default_pool", "x");
    environment.put("CEPH_ARGS", "-n client.other");
    assertThat(of().user()).isEqualTo("other");
  }

  @Test
  void theCommandLineGoesBeforeOurVariablesAndThoseBeforeCephs() throws Exception {
    Path key = Files.writeString(directory.resolve("key"), "secret");
    Path other = Files.writeString(directory.resolve("other.conf"), "");
    environment.put("CEPH_ARGS", "--id first --keyfile /elsewhere");
    environment.put("CEPH_CONF", other.toString());
    assertThat(of().configurationFile()).isEqualTo(other.toString());
    environment.put("MOVER_CEPH_USER", "second");
    environment.put("MOVER_CEPH_KEY", "inline");
    assertThat(of().user()).isEqualTo("second");
    assertThat(of().key()).isEqualTo("inline");
    ClusterSettings settings =
        of("ceph-id", "third", "ceph-keyfile", key.toString(), "ceph-conf", usual.toString());
    assertThat(settings.user()).isEqualTo("third");
    assertThat(settings.key()).isEmpty();
    assertThat(settings.options()).containsEntry("keyfile", key.toString());
    assertThat(settings.configurationFile()).isEqualTo(usual.toString());
  }

  @Test
  void nothingIsEverWaitedForWithoutEnd() {
    assertThat(of().connectTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(of().operationTimeout()).isEqualTo(Duration.ofSeconds(60));
    assertThat(of("ceph-timeout", "5").connectTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(of("ceph-timeout", "500").connectTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(of("ceph-timeout", "500").operationTimeout()).isEqualTo(Duration.ofSeconds(500));
  }

  @Test
  void theCopyToReadFromIsOneOfThree() {
    assertThat(of("ceph-read-from", "balance").options())
        .containsEntry("rbd_read_from_replica_policy", "balance");
    assertThat(of("ceph-read-from", "primary").options())
        .containsEntry("rbd_read_from_replica_policy", "default");
    assertThatThrownBy(() -> of("ceph-read-from", "anything"))
        .hasMessageContaining("[balance, localize, primary]");
  }

  @Test
  void monitorsAndAKeyAreEnoughWithoutAnyFile() throws Exception {
    Files.delete(usual);
    assertThat(of("ceph-mon", "mon-a").configurationFile()).isEmpty();
    assertThat(of("ceph-mon", "mon-a").monitors()).isEqualTo("mon-a");
    assertThatThrownBy(this::of)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--ceph-conf");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ceph-conf", "ceph-keyring", "ceph-keyfile"})
  void aFileThatIsNotThereIsNamed(String option) {
    assertThatThrownBy(() -> of(option, "/not/there"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/not/there");
  }

  @ParameterizedTest
  @ValueSource(strings = {"client.mover", ""})
  void aUserIsNamedWithoutItsKind(String user) {
    assertThatThrownBy(() -> of("ceph-id", user)).hasMessageContaining("without 'client.'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mover", "--id", "-x 1", "--"})
  void argumentsThatMakeNoSenseAreSaid(String arguments) {
    environment.put("CEPH_ARGS", arguments);
    assertThatThrownBy(this::of)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("CEPH_ARGS: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "soon", "", "5s"})
  void aTimeoutIsANumberOfSeconds(String timeout) {
    assertThatThrownBy(() -> of("ceph-timeout", timeout)).hasMessageContaining("--ceph-timeout");
  }
}
