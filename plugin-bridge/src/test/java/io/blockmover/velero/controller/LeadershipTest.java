package io.blockmover.velero.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeadershipTest {

  private static final ObjectName LEASE = new ObjectName("velero", "blockmover-controller");

  @TempDir private Path directory;
  private final FakeApiServer server = new FakeApiServer();
  private Cluster cluster;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @BeforeEach
  void begin() throws Exception {
    cluster = Cluster.open(server.kubeconfig(directory));
  }

  @AfterEach
  void end() {
    cluster.close();
    server.close();
  }

  private Leadership leadership(String identity) {
    return new Leadership(cluster.objects(), LEASE, identity, () -> now);
  }

  private void pass() {
    now = now.plus(Leadership.LIFE).plusSeconds(1);
  }

  @Test
  void theFirstHasItAndTheSecondWaits() {
    Leadership first = leadership("a");
    Leadership second = leadership("b");
    assertThat(first.tick()).isTrue();
    assertThat(second.tick()).isFalse();
    pass();
    assertThat(first.tick()).as("renewed").isTrue();
    assertThat(second.tick()).as("it was renewed meanwhile").isFalse();
  }

  @Test
  void oneThatGivesNoSignOfLifeIsFollowedByTheOther() {
    leadership("a").tick();
    Leadership second = leadership("b");
    assertThat(second.tick()).isFalse();
    pass();
    assertThat(second.tick()).isTrue();
  }

  @Test
  void timesInTheLeaseProveNothing() {
    leadership("a").tick();
    server.change(
        "Lease",
        "velero",
        "blockmover-controller",
        lease -> lease.withObject("/spec").put("renewTime", "1999-01-01T00:00:00.000000Z"));
    assertThat(leadership("b").tick()).isFalse();
  }

  @Test
  void oneThatWasReplacedKnows() {
    Leadership first = leadership("a");
    first.tick();
    Leadership second = leadership("b");
    second.tick();
    pass();
    second.tick();
    assertThat(first.tick()).isFalse();
    assertThat(second.tick()).isTrue();
  }

  @Test
  void itIsHeldThroughAShortAbsenceOfTheServerAndNoLonger() {
    Leadership first = leadership("a");
    first.tick();
    server.refuse(request -> true, 400, "away", Integer.MAX_VALUE);
    now = now.plusSeconds(5);
    assertThat(first.tick()).isTrue();
    pass();
    assertThat(first.tick()).isFalse();
  }

  @Test
  void oneThatIsGivenBackIsTakenAtOnce() {
    Leadership first = leadership("a");
    first.tick();
    first.release();
    assertThat(leadership("b").tick()).isTrue();
  }
}
