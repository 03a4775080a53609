package io.blockmover.cbt.k8s.serve;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.cbt.k8s.proto.BlockMetadata;
import io.blockmover.cbt.k8s.proto.BlockMetadataType;
import io.blockmover.cbt.k8s.proto.GetMetadataAllocatedRequest;
import io.blockmover.cbt.k8s.proto.GetMetadataAllocatedResponse;
import io.blockmover.cbt.k8s.proto.GetMetadataDeltaRequest;
import io.blockmover.cbt.k8s.proto.GetMetadataDeltaResponse;
import io.blockmover.cbt.k8s.proto.SnapshotMetadataGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The two calls of the API. */
final class MetadataService extends SnapshotMetadataGrpc.SnapshotMetadataImplBase {

  private static final Logger LOG = LoggerFactory.getLogger(MetadataService.class);

  private static final int USUAL_RESULTS = 4096;

  /** Of at most 24 bytes each: such a message is well below the 4 MiB that gRPC takes. */
  private static final int MOST_RESULTS = 65_536;

  private final ServedSnapshots snapshots;
  private final CallerCheck callers;
  private final Executor workers;
  private final Duration longest;
  private final ServerMeters meters;

  MetadataService(
      ServedSnapshots snapshots,
      CallerCheck callers,
      Executor workers,
      Duration longest,
      ServerMeters meters) {
    this.snapshots = snapshots;
    this.callers = callers;
    this.workers = workers;
    this.longest = longest;
    this.meters = meters;
  }

  @Override
  public void getMetadataAllocated(
      GetMetadataAllocatedRequest request, StreamObserver<GetMetadataAllocatedResponse> to) {
    begin(
        new ServedQuery(
            request.getSecurityToken(),
            request.getNamespace(),
            request.getSnapshotName(),
            "",
            false,
            request.getStartingOffset(),
            request.getMaxResults()),
        to,
        (size, entries) ->
            GetMetadataAllocatedResponse.newBuilder()
                .setBlockMetadataType(BlockMetadataType.VARIABLE_LENGTH)
                .setVolumeCapacityBytes(size)
                .addAllBlockMetadata(entries)
                .build());
  }

  @Override
  public void getMetadataDelta(
      GetMetadataDeltaRequest request, StreamObserver<GetMetadataDeltaResponse> to) {
    begin(
        new ServedQuery(
            request.getSecurityToken(),
            request.getNamespace(),
            request.getTargetSnapshotName(),
            request.getBaseSnapshotId(),
            true,
            request.getStartingOffset(),
            request.getMaxResults()),
        to,
        (size, entries) ->
            GetMetadataDeltaResponse.newBuilder()
                .setBlockMetadataType(BlockMetadataType.VARIABLE_LENGTH)
                .setVolumeCapacityBytes(size)
                .addAllBlockMetadata(entries)
                .build());
  }

  private <R> void begin(
      ServedQuery query, StreamObserver<R> to, BiFunction<Long, List<BlockMetadata>, R> message) {
    ReplyStream<R> reply = new ReplyStream<>((ServerCallStreamObserver<R>) to, longest);
    try {
      // The call's own thread must stay free: it brings the news that there is room again.
      workers.execute(() -> answer(query, reply, message));
    } catch (RejectedExecutionException e) {
      reply.end(Status.UNAVAILABLE.withDescription("too many lists at once; ask again"));
    }
  }

  private <R> void answer(
      ServedQuery query, ReplyStream<R> reply, BiFunction<Long, List<BlockMetadata>, R> message) {
    Status status;
    try {
      status = query.fault();
      if (status.isOk()) {
        CallerCheck.Verdict verdict = callers.check(query.token(), query.namespace());
        status = ServedStatus.of(verdict, query.namespace());
      }
      if (status.isOk()) {
        status = list(query, reply, message);
      }
    } catch (MoverException e) {
      status = ServedStatus.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      status = Status.UNAVAILABLE.withDescription("the server is stopping");
    } catch (RuntimeException e) {
      LOG.error("List of {} failed", query, e);
      status = Status.INTERNAL.withDescription("a fault of the server; its log tells more");
    }
    if (!status.isOk()) {
      LOG.info("List of {} ended with {}: {}", query, status.getCode(), status.getDescription());
    }
    meters.ended(query.delta(), status.getCode());
    reply.end(status);
  }

  private <R> Status list(
      ServedQuery query, ReplyStream<R> reply, BiFunction<Long, List<BlockMetadata>, R> message)
      throws MoverException, InterruptedException {
    try (ServedSnapshots.ServedSnapshot snapshot =
        snapshots.open(query.namespace(), query.snapshot())) {
      long size = snapshot.sizeBytes();
      if (query.startingOffset() > size) {
        return Status.OUT_OF_RANGE.withDescription(
            "starting_offset %d is beyond the volume's %d bytes"
                .formatted(query.startingOffset(), size));
      }
      int most =
          query.maxResults() == 0 ? USUAL_RESULTS : Math.min(query.maxResults(), MOST_RESULTS);
      try (ExtentCursor extents = cursor(query, snapshot)) {
        return send(extents, most, size, reply, message);
      }
    }
  }

  private static ExtentCursor cursor(ServedQuery query, ServedSnapshots.ServedSnapshot snapshot)
      throws MoverException {
    return query.delta()
        ? snapshot.tracker().changedSince(snapshot.base(query.baseId()), query.startingOffset())
        : snapshot.tracker().allocated(query.startingOffset());
  }

  private <R> Status send(
      ExtentCursor extents,
      int most,
      long size,
      ReplyStream<R> reply,
      BiFunction<Long, List<BlockMetadata>, R> message)
      throws MoverException, InterruptedException {
    List<BlockMetadata> entries = new ArrayList<>();
    Extent extent = extents.next();
    while (extent != null) {
      entries.add(
          BlockMetadata.newBuilder()
              .setByteOffset(extent.offset())
              .setSizeBytes(extent.length())
              .build());
      extent = extents.next();
      if (extent == null || entries.size() == most) {
        Status status = reply.send(message.apply(size, entries));
        if (!status.isOk()) {
          return status;
        }
        meters.sent(entries.size());
        entries.clear();
      }
    }
    return Status.OK;
  }
}
