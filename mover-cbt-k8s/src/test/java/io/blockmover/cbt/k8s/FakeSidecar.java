package io.blockmover.cbt.k8s;

import io.blockmover.cbt.k8s.SidecarReply.Entry;
import io.blockmover.cbt.k8s.SidecarReply.Message;
import io.blockmover.cbt.k8s.proto.BlockMetadata;
import io.blockmover.cbt.k8s.proto.GetMetadataAllocatedRequest;
import io.blockmover.cbt.k8s.proto.GetMetadataAllocatedResponse;
import io.blockmover.cbt.k8s.proto.GetMetadataDeltaRequest;
import io.blockmover.cbt.k8s.proto.GetMetadataDeltaResponse;
import io.blockmover.cbt.k8s.proto.SnapshotMetadataGrpc;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.DelegatingSslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** A sidecar in this process, over real TLS, that answers what a test tells it to. */
final class FakeSidecar implements AutoCloseable {

  /** A request as it came; no base for allocated extents. */
  record Request(
      String token, String namespace, String snapshot, String base, long from, int maxResults) {}

  final List<Request> requests = new CopyOnWriteArrayList<>();
  final Set<String> goodTokens = ConcurrentHashMap.newKeySet();
  final CountDownLatch cancelled = new CountDownLatch(1);
  private final Server server;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private volatile Function<Request, SidecarReply> driver = request -> SidecarReply.ok();
  private volatile boolean hanging;

  private FakeSidecar(
      TestAuthority.ServerCertificate certificate,
      InetSocketAddress address,
      List<String> curves,
      String... protocols)
      throws Exception {
    SslContextBuilder tls =
        SslContextBuilder.forServer(stream(certificate.certificate()), stream(certificate.key()));
    if (protocols.length > 0) {
      tls.protocols(protocols);
    }
    loops.submit(() -> {}).sync(); // so that no thread of it starts while one counts threads
    server =
        NettyServerBuilder.forAddress(address)
            .sslContext(preferring(curves, GrpcSslContexts.configure(tls, SslProvider.JDK).build()))
            .addService(new Service())
            .directExecutor()
            .channelType(NioServerSocketChannel.class)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .build()
            .start();
    goodTokens.add("token");
  }

  /** On some port of this machine; TLS as the JDK likes it unless protocols are named. */
  static FakeSidecar start(TestAuthority.ServerCertificate certificate, String... protocols)
      throws Exception {
    return startAt(0, certificate, protocols);
  }

  /** One that speaks TLS 1.3 with these curves, and nothing else. */
  static FakeSidecar startHardened(TestAuthority.ServerCertificate certificate, List<String> curves)
      throws Exception {
    return new FakeSidecar(
        certificate,
        new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0),
        curves,
        "TLSv1.3");
  }

  /** With the JDK's curves if none are named. */
  private static SslContext preferring(List<String> curves, SslContext context) {
    return curves.isEmpty()
        ? context
        : new DelegatingSslContext(context) {
          @Override
          protected void initEngine(SSLEngine engine) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setNamedGroups(curves.toArray(String[]::new));
            engine.setSSLParameters(parameters);
          }
        };
  }

  /** On a port that one before it had. */
  static FakeSidecar startAt(
      int port, TestAuthority.ServerCertificate certificate, String... protocols) throws Exception {
    return new FakeSidecar(
        certificate,
        new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port),
        List.of(),
        protocols);
  }

  /** What to answer from now on. */
  FakeSidecar answering(Function<Request, SidecarReply> with) {
    driver = with;
    return this;
  }

  /** Sends its messages from now on, and then nothing. */
  FakeSidecar hanging() {
    hanging = true;
    return this;
  }

  int port() {
    return server.getPort();
  }

  String address() {
    return "127.0.0.1:" + port();
  }

  ServiceEndpoint endpoint(TestAuthority authority) {
    return new ServiceEndpoint("fake.csi", address(), "audience", authority.pem());
  }

  @Override
  public void close() throws InterruptedException {
    server.shutdownNow().awaitTermination();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private static ByteArrayInputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }

  private <R> void serve(Request request, StreamObserver<R> to, Function<Message, R> response) {
    ((ServerCallStreamObserver<R>) to).setOnCancelHandler(cancelled::countDown);
    requests.add(request);
    if (!goodTokens.contains(request.token())) {
      to.onError(
          Status.UNAUTHENTICATED.withDescription("Authentication failed.").asRuntimeException());
      return;
    }
    SidecarReply reply = driver.apply(request);
    reply.messages().forEach(message -> to.onNext(response.apply(message)));
    if (hanging) {
      return;
    }
    if (reply.end().isOk()) {
      to.onCompleted();
    } else {
      to.onError(reply.end().asRuntimeException());
    }
  }

  private static BlockMetadata entry(Entry entry) {
    return BlockMetadata.newBuilder()
        .setByteOffset(entry.offset())
        .setSizeBytes(entry.size())
        .build();
  }

  private final class Service extends SnapshotMetadataGrpc.SnapshotMetadataImplBase {
    @Override
    public void getMetadataAllocated(
        GetMetadataAllocatedRequest asked, StreamObserver<GetMetadataAllocatedResponse> to) {
      serve(
          new Request(
              asked.getSecurityToken(),
              asked.getNamespace(),
              asked.getSnapshotName(),
              "",
              asked.getStartingOffset(),
              asked.getMaxResults()),
          to,
          message ->
              GetMetadataAllocatedResponse.newBuilder()
                  .setBlockMetadataTypeValue(message.type())
                  .setVolumeCapacityBytes(message.capacity())
                  .addAllBlockMetadata(message.entries().stream().map(FakeSidecar::entry).toList())
                  .build());
    }

    @Override
    public void getMetadataDelta(
        GetMetadataDeltaRequest asked, StreamObserver<GetMetadataDeltaResponse> to) {
      serve(
          new Request(
              asked.getSecurityToken(),
              asked.getNamespace(),
              asked.getTargetSnapshotName(),
              asked.getBaseSnapshotId(),
              asked.getStartingOffset(),
              asked.getMaxResults()),
          to,
          message ->
              GetMetadataDeltaResponse.newBuilder()
                  .setBlockMetadataTypeValue(message.type())
                  .setVolumeCapacityBytes(message.capacity())
                  .addAllBlockMetadata(message.entries().stream().map(FakeSidecar::entry).toList())
                  .build());
    }
  }
}
