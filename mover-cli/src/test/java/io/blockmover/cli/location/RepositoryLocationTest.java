package io.blockmover.cli.location;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.cli.Complaint;
import io.blockmover.repository.store.RetryListener;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RepositoryLocationTest {

  private static String uri(String text) throws Complaint {
    return RepositoryLocation.parse(text, Map.of()).uri().toString();
  }

  @Test
  void aPathIsADirectory() throws Exception {
    assertThat(uri("/backups/a b")).isEqualTo("file:///backups/a%20b");
    assertThat(Path.of(RepositoryLocation.parse("/a b/c%20d", Map.of()).uri().getPath()))
        .isEqualTo(Path.of("/a b/c%20d"));
    assertThat(uri("relative/x")).isEqualTo("file://" + Path.of("relative/x").toAbsolutePath());
  }

  @Test
  void addressesStayAsTheyAre() throws Exception {
    assertThat(uri("s3://bucket/prefix")).isEqualTo("s3://bucket/prefix");
    assertThat(uri("file:///x/y")).isEqualTo("file:///x/y");
  }

  @Test
  void resticsFormNamesTheEndpoint() throws Exception {
    RepositoryLocation location =
        RepositoryLocation.parse("s3:http://host:9000/bucket/pre/fix", Map.of());
    assertThat(location.uri()).hasToString("s3://bucket/pre/fix");
    assertThat(location.options()).containsEntry("s3-endpoint", "http://host:9000");
  }

  @Test
  void anOptionBeatsTheEndpointInResticsForm() throws Exception {
    assertThat(
            RepositoryLocation.parse("s3:http://a/b", Map.of("s3-endpoint", "http://c")).options())
        .containsEntry("s3-endpoint", "http://c");
  }

  @Test
  void nonsenseIsAMatterOfUsage() {
    assertThatThrownBy(() -> uri("s3://bad bucket")).isInstanceOf(Complaint.class);
  }

  @Test
  void anUnknownSchemeNamesTheKnownOnes() {
    assertThatThrownBy(
            () ->
                Stores.open(
                    RepositoryLocation.parse("gopher://x/y", Map.of()), 0, 0, RetryListener.NONE))
        .isInstanceOfSatisfying(Complaint.class, e -> assertThat(e.advice()).contains("file"));
  }
}
