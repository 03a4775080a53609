package io.blockmover.cbt.k8s;

import io.blockmover.cbt.k8s.serve.CallerCheck;
import io.blockmover.cbt.k8s.serve.MetadataServer;
import io.blockmover.cbt.k8s.serve.ServedSnapshots;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Our server on this machine, with a certificate that a test made. */
final class ServedApi implements AutoCloseable {

  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final MetadataServer server;
  final Path certificate;
  final Path key;
  TestAuthority authority = new TestAuthority();

  ServedApi(Path directory, ServedSnapshots snapshots, CallerCheck callers, Duration longestList)
      throws Exception {
    certificate = directory.resolve("tls.crt");
    key = directory.resolve("tls.key");
    write(authority.issue("127.0.0.1"));
    server =
        MetadataServer.start(
            new MetadataServer.Options(
                new InetSocketAddress("127.0.0.1", 0),
                certificate,
                key,
                Duration.ofMillis(50),
                longestList),
            snapshots,
            callers,
            registry);
  }

  void write(TestAuthority.ServerCertificate identity) throws Exception {
    Files.writeString(key, identity.key());
    Files.writeString(certificate, identity.certificate());
  }

  ServiceEndpoint endpoint() {
    return new ServiceEndpoint(
        "fake.csi", "127.0.0.1:" + server.port(), "audience", authority.pem());
  }

  @Override
  public void close() {
    server.close();
  }
}
