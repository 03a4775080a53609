package io.blockmover.cbt.k8s.serve;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.protobuf.services.HealthStatusManager;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Serves the SnapshotMetadata API, and the health service beside it, over TLS. The certificate is
 * read again when its file changes. Stopped by closing it.
 */
public final class MetadataServer implements AutoCloseable {

  private static final int MOST_LISTS = 32;
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

  private final Server server;
  private final ExecutorService workers;
  private final ScheduledExecutorService reloads;
  private final HealthStatusManager health = new HealthStatusManager();

  /**
   * Where to listen, and how.
   *
   * @param certificate PEM file, with those of the authorities between it and the root
   * @param key PEM file, PKCS #8 without password
   * @param reload how often to look whether the two files changed
   * @param longestList after which a list is ended; clients ask for the rest
   */
  public record Options(
      InetSocketAddress address,
      Path certificate,
      Path key,
      Duration reload,
      Duration longestList) {}

  private MetadataServer(
      Options options, ServedSnapshots snapshots, CallerCheck callers, MeterRegistry registry)
      throws IOException, GeneralSecurityException {
    reloads = Executors.newSingleThreadScheduledExecutor(daemon("certificate-reload"));
    // Platform threads: trackers may block in files and native code.
    workers =
        new ThreadPoolExecutor(
            0, MOST_LISTS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), daemon("list"));
    try {
      server =
          NettyServerBuilder.forAddress(options.address())
              .sslContext(tls(options))
              .addService(
                  new MetadataService(
                      snapshots,
                      callers,
                      workers,
                      options.longestList(),
                      new ServerMeters(registry)))
              .addService(health.getHealthService())
              .build()
              .start();
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      reloads.shutdownNow();
      workers.shutdownNow();
      throw e;
    }
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
  }

  /**
   * Starts to listen.
   *
   * @throws IOException if the address is taken, or a file cannot be read
   * @throws GeneralSecurityException if certificate and key are none, or not of each other
   */
  public static MetadataServer start(
      Options options, ServedSnapshots snapshots, CallerCheck callers, MeterRegistry registry)
      throws IOException, GeneralSecurityException {
    return new MetadataServer(options, snapshots, callers, registry);
  }

  private SslContext tls(Options options) throws IOException, GeneralSecurityException {
    ReloadedIdentity identity = new ReloadedIdentity(options.certificate(), options.key());
    long period = options.reload().toMillis();
    var _ = reloads.scheduleWithFixedDelay(identity::reload, period, period, TimeUnit.MILLISECONDS);
    return GrpcSslContexts.configure(
            SslContextBuilder.forServer(identity.manager()), SslProvider.JDK)
        .build();
  }

  private static ThreadFactory daemon(String name) {
    return Thread.ofPlatform().daemon().name("cbt-" + name + "-", 0).factory();
  }

  /** The port that it listens at. */
  public int port() {
    return server.getPort();
  }

  /**
   * Waits until it is closed.
   *
   * @return whether it is; false if that took too long
   */
  public boolean awaitEnd(Duration atMost) throws InterruptedException {
    return server.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Takes no more requests, gives lists a moment to end, and cuts off the rest. */
  @Override
  public void close() {
    health.enterTerminalState();
    server.shutdown();
    try {
      if (!server.awaitTermination(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    workers.shutdownNow();
    reloads.shutdownNow();
  }
}
