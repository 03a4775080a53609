package io.blockmover.bench;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.cbt.k8s.EndpointOverride;
import io.blockmover.cbt.k8s.ServiceAccess;
import io.blockmover.cbt.k8s.ServiceEndpoint;
import io.blockmover.cbt.k8s.SnapshotMetadataProvider;
import io.blockmover.cbt.k8s.StreamPolicy;
import io.blockmover.cbt.k8s.proto.BlockMetadata;
import io.blockmover.cbt.k8s.proto.BlockMetadataType;
import io.blockmover.cbt.k8s.proto.GetMetadataAllocatedResponse;
import io.blockmover.cbt.k8s.serve.CallerCheck;
import io.blockmover.cbt.k8s.serve.MetadataServer;
import io.blockmover.kubernetes.SnapshotAttributes;
import io.blockmover.testkit.SelfSignedCertificate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How fast changed extents come through: our server and our client in one process, over TLS.
 * Arguments: how many extents (10 million), how many rounds (3).
 */
public final class CbtStream {

  private static final String DRIVER = "bench.csi";

  private CbtStream() {}

  public static void main(String[] args) throws Exception {
    long extents = args.length > 0 ? Long.parseLong(args[0]) : 10_000_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    EveryOtherBlock snapshot = new EveryOtherBlock(extents);
    Path directory = Files.createTempDirectory("cbt-stream");
    SelfSignedCertificate tls = SelfSignedCertificate.make(directory);
    try (MetadataServer server =
        MetadataServer.start(
            new MetadataServer.Options(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                tls.certificate(),
                tls.key(),
                Duration.ofMinutes(1),
                Duration.ofMinutes(10)),
            snapshot,
            (token, namespace) -> CallerCheck.Verdict.ALLOWED,
            new SimpleMeterRegistry())) {
      SnapshotMetadataProvider provider =
          new SnapshotMetadataProvider(
              new Local(
                  new ServiceEndpoint(
                      DRIVER,
                      "127.0.0.1:" + server.port(),
                      "bench",
                      Files.readString(tls.certificate()))),
              EndpointOverride.NONE,
              StreamPolicy.DEFAULT,
              new SimpleMeterRegistry());
      double bytes = bytesPerExtent();
      System.out.println("| round | extents/s | wire MB/s | bytes per extent | heap in use MiB |");
      System.out.println("|---|---|---|---|---|");
      for (int round = 1; round <= rounds; round++) {
        double seconds = list(provider, snapshot);
        System.out.printf(
            Locale.ROOT,
            "| %d | %.0f | %.1f | %.1f | %d |%n",
            round,
            extents / seconds,
            extents / seconds * bytes / 1e6,
            bytes,
            liveMebibytes());
      }
    }
  }

  private static double list(SnapshotMetadataProvider provider, EveryOtherBlock snapshot)
      throws MoverException {
    SnapshotReference target =
        new SnapshotReference(
            DRIVER,
            "handle",
            "volume",
            snapshot.sizeBytes(),
            Map.of(SnapshotAttributes.NAMESPACE, "bench", SnapshotAttributes.SNAPSHOT, "bench"));
    long start = System.nanoTime();
    long count = 0;
    try (ChangeTracker tracker = provider.open(target);
        ExtentCursor cursor = tracker.allocated(0)) {
      while (cursor.next() != null) {
        count++;
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (count != snapshot.extents()) {
      throw new IllegalStateException(count + " extents came, not " + snapshot.extents());
    }
    return seconds;
  }

  /** What gRPC carries for an extent in the middle of a TiB, its share of the message included. */
  private static double bytesPerExtent() {
    GetMetadataAllocatedResponse.Builder message =
        GetMetadataAllocatedResponse.newBuilder()
            .setBlockMetadataType(BlockMetadataType.VARIABLE_LENGTH)
            .setVolumeCapacityBytes(1L << 40);
    int entries = StreamPolicy.DEFAULT.maxResults();
    for (int i = 0; i < entries; i++) {
      message.addBlockMetadata(
          BlockMetadata.newBuilder()
              .setByteOffset((1L << 39) + 2 * EveryOtherBlock.BLOCK_BYTES * i)
              .setSizeBytes(EveryOtherBlock.BLOCK_BYTES));
    }
    return (double) message.build().getSerializedSize() / entries;
  }

  private static long liveMebibytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }

  /** No cluster. */
  private record Local(ServiceEndpoint endpoint) implements ServiceAccess {
    @Override
    public Optional<ServiceEndpoint> find(String driver) {
      return Optional.of(endpoint);
    }

    @Override
    public String token(ServiceEndpoint to) {
      return "token";
    }

    @Override
    public void discardToken(ServiceEndpoint to) {}

    @Override
    public void requireUsable(String namespace, String snapshot) {}
  }
}
