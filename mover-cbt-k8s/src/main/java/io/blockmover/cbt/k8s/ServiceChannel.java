package io.blockmover.cbt.k8s;

import io.blockmover.api.TrackingUnavailable;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * The connection to one service. Trusts the object's authority only, whoever else the JDK knows.
 */
final class ServiceChannel implements AutoCloseable {

  /** What the sidecar itself takes from drivers, twice: nothing that it can send is refused. */
  private static final int MAX_MESSAGE_BYTES = 8 << 20;

  /** Servers in Go close connections that are probed more often than every five minutes. */
  private static final int KEEP_ALIVE_MINUTES = 6;

  private final ServiceEndpoint endpoint;
  private final ManagedChannel channel;

  /**
   * Connects when the first call is made.
   *
   * @throws TrackingUnavailable if the object's certificates are none
   */
  ServiceChannel(ServiceEndpoint endpoint, EndpointOverride override) throws TrackingUnavailable {
    this.endpoint = endpoint;
    try {
      this.channel =
          NettyChannelBuilder.forTarget("dns:///" + override.addressOf(endpoint))
              .overrideAuthority(override.authorityOf(endpoint))
              .sslContext(tls(endpoint.caCertificates()))
              .maxInboundMessageSize(MAX_MESSAGE_BYTES)
              .keepAliveTime(KEEP_ALIVE_MINUTES, TimeUnit.MINUTES)
              .disableRetry()
              .disableServiceConfigLookUp()
              .build();
    } catch (CertificateException | SSLException e) {
      throw new TrackingUnavailable(
          "spec.caCert of SnapshotMetadataService "
              + endpoint.driver()
              + " holds no certificate: "
              + e.getMessage(),
          "set it to the base64 of the authority's PEM file",
          e);
    } catch (IllegalArgumentException e) {
      throw new TrackingUnavailable(
          "'%s' is no address of a SnapshotMetadataService: %s"
              .formatted(override.addressOf(endpoint), e.getMessage()),
          "give host:port, without a scheme",
          e);
    }
  }

  private static SslContext tls(String pem) throws CertificateException, SSLException {
    X509Certificate[] trusted =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
            .stream()
            .map(X509Certificate.class::cast)
            .toArray(X509Certificate[]::new);
    if (trusted.length == 0) {
      throw new CertificateException("no PEM block");
    }
    return GrpcSslContexts.configure(
            SslContextBuilder.forClient().trustManager(ObjectAuthorities.of(trusted)),
            SslProvider.JDK)
        .build();
  }

  ServiceEndpoint endpoint() {
    return endpoint;
  }

  Channel channel() {
    return channel;
  }

  /** After a failure: connect with the next call, and not a while later. */
  void retryNow() {
    channel.resetConnectBackoff();
  }

  /** Ends once the calls that run have ended. */
  void retire() {
    channel.shutdown();
  }

  /** Ends all calls. */
  @Override
  public void close() {
    channel.shutdownNow();
  }
}
