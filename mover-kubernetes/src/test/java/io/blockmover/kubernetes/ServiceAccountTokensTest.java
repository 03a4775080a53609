package io.blockmover.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.testkit.kubernetes.FakeRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceAccountTokensTest {

  private static final ObjectName ACCOUNT = new ObjectName("mover", "mover");
  private static final Duration LIFE = ServiceAccountTokens.LEAST_LIFE;

  private final FakeApiServer server = new FakeApiServer();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
  private Cluster cluster;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    cluster = Cluster.open(server.kubeconfig(directory));
    server.put(
        """
        {"apiVersion": "v1", "kind": "ServiceAccount",
         "metadata": {"namespace": "mover", "name": "mover"}}
        """);
  }

  @AfterEach
  void stop() {
    cluster.close();
    server.close();
  }

  private TokenSource source() {
    return cluster.tokens().source(ACCOUNT, "disk", LIFE, clock);
  }

  @Test
  void aTokenIsKeptUntilItNearsItsEnd() throws Exception {
    TokenSource source = source();
    ServiceToken first = source.token();
    now.updateAndGet(time -> time.plus(LIFE.dividedBy(2)));
    assertThat(source.token()).isEqualTo(first);
    now.updateAndGet(time -> time.plus(LIFE.dividedBy(2)));
    assertThat(source.token()).isNotEqualTo(first);
  }

  @Test
  void aRefusedTokenIsNotGivenAgain() throws Exception {
    TokenSource source = source();
    ServiceToken first = source.token();
    source.discard();
    assertThat(source.token()).isNotEqualTo(first);
  }

  @Test
  void aTokenDoesNotShowItselfInMessages() throws Exception {
    ServiceToken token = source().token();
    assertThat(token.toString()).doesNotContain(token.value());
  }

  @Test
  void anAccountThatIsNotThereIsNamed() {
    assertThatThrownBy(
            () -> cluster.tokens().request(new ObjectName("mover", "nobody"), "disk", LIFE))
        .isInstanceOf(ClusterObjectUnusable.class)
        .hasMessageContaining("mover/nobody");
  }

  @Test
  void whoeverMayNotAskForTokensIsTold() {
    server.deny(new FakeRule("create", "", "serviceaccounts/token"));
    assertThatThrownBy(() -> source().token()).isInstanceOf(AccessDenied.class);
  }

  @Test
  void theCallersOwnAccountIsFoundAndAPersonHasNone() throws Exception {
    assertThat(cluster.tokens().self()).contains(ACCOUNT);
    server.caller("kubernetes-admin");
    assertThat(cluster.tokens().self()).isEmpty();
  }

  @Test
  void aProjectedTokenIsReadAnewEachTime(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("token"), "one\n");
    TokenSource source = ServiceAccountTokens.file(file);
    assertThat(source.token().value()).isEqualTo("one");
    Files.writeString(file, "two\n");
    assertThat(source.token().value()).isEqualTo("two");
    Files.writeString(file, "");
    assertThatThrownBy(source::token).isInstanceOf(AccessDenied.class);
    Files.delete(file);
    assertThatThrownBy(source::token).isInstanceOf(AccessDenied.class);
  }
}
