package io.blockmover.velero.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.velero.location.Domain;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsParserTest {

  @TempDir private Path directory;

  @Test
  void anEmptyFileSetsNothing() throws Exception {
    assertThat(SettingsParser.parse("", "config")).isEqualTo(BridgeSettings.STANDARD);
  }

  @Test
  void allOfItIsRead() throws Exception {
    BridgeSettings settings =
        SettingsParser.parse(
            """
            dataMover: mine
            dedupDomain: namespace
            passwordSecret: secret
            passwordKey: key
            prepareTimeout: 1h30m
            podRestarts: 0
            exposeAs: {slow: fast}
            ignoreDelayBinding: true
            concurrency:
              total: 3
              perNode: 1
              smallBytes: 2Gi
              overtakes: 7
              perStorageClass: {slow: 1}
            pods:
              resources: {limits: {memory: 1Gi}}
              nodeSelector: {disk: ssd}
              tolerations: [{key: backup, operator: Exists}]
              priorityClass: low
              environment: {MOVER_HEAP: 256m}
              arguments: [--limit-upload, 100M]
              perStorageClass: {fast: {limits: {memory: 2Gi}}}
            """,
            "config");
    assertThat(settings.dataMover()).isEqualTo("mine");
    assertThat(settings.dedupDomain()).isEqualTo(Domain.Scope.NAMESPACE);
    assertThat(settings.locations().passwordSecret()).isEqualTo("secret");
    assertThat(settings.locations().passwordKey()).isEqualTo("key");
    assertThat(settings.prepareTimeout()).isEqualTo(Duration.ofMinutes(90));
    assertThat(settings.podRestarts()).isZero();
    assertThat(settings.exposeAs()).containsEntry("slow", "fast");
    assertThat(settings.ignoreDelayBinding()).isTrue();
    assertThat(settings.concurrency())
        .isEqualTo(new Concurrency(3, 1, Map.of("slow", 1), 2L << 30, 7));
    assertThat(settings.pods().arguments()).containsExactly("--limit-upload", "100M");
    assertThat(settings.pods().resources("slow"))
        .isEqualTo(Map.of("limits", Map.of("memory", "1Gi")));
    assertThat(settings.pods().resources("fast"))
        .isEqualTo(Map.of("limits", Map.of("memory", "2Gi")));
    assertThat(settings.pods().tolerations()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "datamover: x|config.datamover is not known",
        "podRestarts: -1|config.podRestarts must be a number of at least 0",
        "podRestarts: many|config.podRestarts must be a number",
        "concurrency: 4|config.concurrency must be a mapping",
        "concurrency: {total: 0}|config.concurrency.total must be a number of at least 1",
        "concurrency: {smallBytes: big}|config.concurrency.smallBytes must be a size",
        "prepareTimeout: PT30M|config.prepareTimeout must be a time such as 30m",
        "dedupDomain: cluster|repository, namespace or volume",
        "pods: {tolerations: x}|config.pods.tolerations must be a list",
        "passwordSecret: ''|password",
        "'{'|config"
      })
  void whatIsWrongIsNamed(String yaml, String words) {
    assertThatThrownBy(() -> SettingsParser.parse(yaml, "config"))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining(words);
  }

  @Test
  void timesAreReadAsGoWritesThem() {
    assertThat(GoDuration.parse("10m0s")).contains(Duration.ofMinutes(10));
    assertThat(GoDuration.parse("1.5s")).contains(Duration.ofMillis(1500));
    assertThat(GoDuration.parse("250ms")).contains(Duration.ofMillis(250));
    assertThat(GoDuration.parse("10")).isEmpty();
    assertThat(GoDuration.parse("1h x")).isEmpty();
    assertThat(GoDuration.parse("")).isEmpty();
  }

  @Test
  void aBadFileChangesNothingUntilItIsMended() throws Exception {
    Path file = Files.writeString(directory.resolve("config.yaml"), "podRestarts: 1");
    WatchedFile<BridgeSettings> watched =
        new WatchedFile<>(file, text -> SettingsParser.parse(text, "config.yaml"));
    Files.writeString(file, "podRestarts: x");
    watched.look();
    assertThat(watched.bad()).isTrue();
    assertThat(watched.current().podRestarts()).isEqualTo(1);
    Files.writeString(file, "podRestarts: 2");
    watched.look();
    assertThat(watched.bad()).isFalse();
    assertThat(watched.current().podRestarts()).isEqualTo(2);
  }
}
