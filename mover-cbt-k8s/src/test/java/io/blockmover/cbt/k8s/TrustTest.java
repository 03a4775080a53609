package io.blockmover.cbt.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.MoverException;
import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.testkit.Extents;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the client talks to, and whom not. */
class TrustTest extends SidecarTest {

  private void replaceSidecar(TestAuthority.ServerCertificate certificate, String... protocols)
      throws Exception {
    sidecar.close();
    sidecar = FakeSidecar.start(certificate, protocols);
    access.with(sidecar.endpoint(authority));
  }

  private void list(EndpointOverride override) throws MoverException {
    try (ChangeTracker tracker = provider(override).open(snapshot("new", SIZE, 2))) {
      Extents.drain(tracker.allocated(0));
    }
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
    replaceSidecar(new TestAuthority().issue("127.0.0.1"));
    assertThatThrownBy(this::allocated)
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("UNAVAILABLE (TLS: ");
    assertThat(sidecar.requests).isEmpty();
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() throws Exception {
    replaceSidecar(authority.issue("other.example"));
    assertThatThrownBy(this::allocated)
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("TLS: ");
    assertThat(sidecar.requests).isEmpty();
  }

  @Test
  void anExpiredCertificateIsCalledSo() throws Exception {
    replaceSidecar(authority.issue(Duration.ofDays(-2), Duration.ofHours(-1), "127.0.0.1"));
    assertThatThrownBy(this::allocated)
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("its certificate has expired")
        .satisfies(e -> assertThat(((MoverException) e).advice()).startsWith("renew the cert"));
  }

  @Test
  void aTunnelIsVerifiedAgainstTheHostThatTheObjectNames() throws Exception {
    replaceSidecar(authority.issue("sidecar.driver"));
    access.with(
        new ServiceEndpoint("fake.csi", "sidecar.driver:6443", "audience", authority.pem()));
    list(new EndpointOverride(sidecar.address(), null));
    assertThat(sidecar.requests).hasSize(1);
    assertThatThrownBy(() -> list(new EndpointOverride(sidecar.address(), "somebody.else")))
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("TLS: ");
    assertThat(sidecar.requests).hasSize(1);
  }

  @Test
  void anAuthorityThatAPersonNamesIsVerifiedToo() throws Exception {
    replaceSidecar(authority.issue("real.name"));
    list(new EndpointOverride(null, "real.name"));
    assertThat(sidecar.requests).hasSize(1);
  }

  @Test
  void aRotatedAuthorityIsLearntFromTheObject() throws Exception {
    try (ChangeTracker tracker = provider().open(snapshot("new", SIZE, 2))) {
      Extents.drain(tracker.allocated(0));
      authority = new TestAuthority();
      int port = sidecar.port();
      sidecar.close();
      sidecar = FakeSidecar.startAt(port, authority.issue("127.0.0.1"));
      access.with(sidecar.endpoint(authority));
      Extents.drain(tracker.allocated(0));
    }
    assertThat(sidecar.requests).hasSize(1);
  }

  @Test
  void aServiceThatMovedIsFoundWhereTheObjectSays() throws Exception {
    try (ChangeTracker tracker = provider().open(snapshot("new", SIZE, 2))) {
      Extents.drain(tracker.allocated(0));
      replaceSidecar(authority.issue("127.0.0.1"));
      Extents.drain(tracker.allocated(0));
    }
    assertThat(sidecar.requests).hasSize(1);
    assertThat(access.tokensDiscarded).hasValue(0);
  }

  @Test
  void aSelfSignedCertificateMayBeItsOwnAuthority() throws Exception {
    TestAuthority.ServerCertificate own = authority.issue("127.0.0.1");
    replaceSidecar(own);
    access.with(new ServiceEndpoint("fake.csi", sidecar.address(), "audience", own.certificate()));
    assertThat(allocated()).isEmpty();
  }

  @Test
  void aSelfSignedCertificateThatExpiredIsRefusedAsWell() throws Exception {
    TestAuthority.ServerCertificate own =
        authority.issue(Duration.ofDays(-2), Duration.ofHours(-1), "127.0.0.1");
    replaceSidecar(own);
    access.with(new ServiceEndpoint("fake.csi", sidecar.address(), "audience", own.certificate()));
    assertThatThrownBy(this::allocated)
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("its certificate has expired");
    assertThat(sidecar.requests).isEmpty();
  }

  @Test
  void severalAuthoritiesMayStandInTheObject() throws Exception {
    access.with(
        new ServiceEndpoint(
            "fake.csi",
            sidecar.address(),
            "audience",
            new TestAuthority().pem() + authority.pem()));
    assertThat(allocated()).isEmpty();
  }

  @Test
  void aServiceThatSpeaksTls13OnlyIsUnderstood() throws Exception {
    replaceSidecar(authority.issue("127.0.0.1"), "TLSv1.3");
    assertThat(allocated()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x25519", "secp256r1"})
  void aHardenedServiceIsUnderstoodWhicheverOfItsCurvesItHas(String curve) throws Exception {
    sidecar.close();
    sidecar = FakeSidecar.startHardened(authority.issue("127.0.0.1"), List.of(curve));
    access.with(sidecar.endpoint(authority));
    assertThat(allocated()).isEmpty();
    assertThat(sidecar.requests).hasSize(1);
  }

  @Test
  void anAudienceThatTheSidecarDoesNotTakeIsSaidAfterOneNewToken() {
    sidecar.goodTokens.clear();
    assertThatThrownBy(this::allocated)
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("UNAUTHENTICATED")
        .satisfies(e -> assertThat(((MoverException) e).advice()).contains("spec.audience"));
    assertThat(sidecar.requests).hasSize(2);
    assertThat(access.tokensDiscarded).hasValue(1);
  }

  @Test
  void certificatesThatAreNoneAreRefused() {
    access.with(new ServiceEndpoint("fake.csi", sidecar.address(), "audience", "no certificate"));
    assertThatThrownBy(this::allocated)
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("spec.caCert of SnapshotMetadataService fake.csi holds no");
  }

  @Test
  void aServiceThatNobodyListensAtIsSaidToBeSo() throws Exception {
    sidecar.close();
    assertThatThrownBy(this::allocated)
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("Connection refused")
        .satisfies(
            e -> assertThat(((MoverException) e).advice()).startsWith("is the sidecar running"));
  }

  @Test
  void aNameThatIsKnownInTheClusterOnlyIsSaidToBeSo() {
    access.with(
        new ServiceEndpoint(
            "fake.csi", "sidecar.driver.invalid:6443", "audience", authority.pem()));
    assertThatThrownBy(this::allocated)
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageContaining("its name cannot be resolved")
        .satisfies(e -> assertThat(((MoverException) e).advice()).contains("port-forward"));
  }

  @Test
  void aDriverWithoutServiceIsNeverAskedAtAnothersService() {
    access.services.clear();
    access.with(new ServiceEndpoint("other.csi", sidecar.address(), "audience", authority.pem()));
    assertThatThrownBy(this::allocated)
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessage("driver fake.csi offers no SnapshotMetadataService");
    assertThat(sidecar.requests).isEmpty();
  }

  @Test
  void anApiServerThatRefusesIsAReasonToGoOnWithoutTracking() {
    access.serviceTrouble = () -> new AccessDenied("snapshotmetadataservices: no", "allow 'get'");
    assertThatThrownBy(this::allocated)
        .isInstanceOf(TrackingUnavailable.class)
        .hasMessageEndingWith("snapshotmetadataservices: no")
        .satisfies(e -> assertThat(((MoverException) e).advice()).isEqualTo("allow 'get'"));
  }
}
