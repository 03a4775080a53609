package io.blockmover.cbt.k8s;

import io.blockmover.api.Cancelled;
import io.blockmover.cbt.k8s.proto.GetMetadataAllocatedRequest;
import io.blockmover.cbt.k8s.proto.GetMetadataDeltaRequest;
import io.blockmover.cbt.k8s.proto.SnapshotMetadataGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One call, read message by message. Messages are asked for as they are consumed: a few wait here
 * at most, however fast the other side is. Not thread-safe but for {@link #close()}.
 */
final class MetadataCall implements AutoCloseable {

  private final ClientCall<?, ?> call;
  private final MessageQueue queue;
  private final Duration silence;
  private final long startedNanos;

  private MetadataCall(
      ClientCall<?, ?> call, MessageQueue queue, Duration silence, long startedNanos) {
    this.call = call;
    this.queue = queue;
    this.silence = silence;
    this.startedNanos = startedNanos;
  }

  /**
   * Starts a call; returns at once.
   *
   * @param fromOffset what ends at or before it is not wanted
   * @param maxResults extents in a message at most, 0 for the driver's choice
   * @param silence how long to wait for a message
   * @param startedNanos the time now, see {@link #startedNanos}
   */
  static MetadataCall start(
      Channel channel,
      MetadataQuery query,
      String token,
      long fromOffset,
      int maxResults,
      Duration silence,
      long startedNanos) {
    return switch (query) {
      case MetadataQuery.Allocated(String namespace, String snapshot) ->
          start(
              channel,
              SnapshotMetadataGrpc.getGetMetadataAllocatedMethod(),
              GetMetadataAllocatedRequest.newBuilder()
                  .setSecurityToken(token)
                  .setNamespace(namespace)
                  .setSnapshotName(snapshot)
                  .setStartingOffset(fromOffset)
                  .setMaxResults(maxResults)
                  .build(),
              silence,
              startedNanos,
              (number, response) ->
                  new MetadataMessage(
                      number,
                      response.getBlockMetadataTypeValue(),
                      response.getVolumeCapacityBytes(),
                      response.getBlockMetadataList()));
      case MetadataQuery.Delta(String namespace, String snapshot, String baseId) ->
          start(
              channel,
              SnapshotMetadataGrpc.getGetMetadataDeltaMethod(),
              GetMetadataDeltaRequest.newBuilder()
                  .setSecurityToken(token)
                  .setNamespace(namespace)
                  .setBaseSnapshotId(baseId)
                  .setTargetSnapshotName(snapshot)
                  .setStartingOffset(fromOffset)
                  .setMaxResults(maxResults)
                  .build(),
              silence,
              startedNanos,
              (number, response) ->
                  new MetadataMessage(
                      number,
                      response.getBlockMetadataTypeValue(),
                      response.getVolumeCapacityBytes(),
                      response.getBlockMetadataList()));
    };
  }

  private static <Q, R> MetadataCall start(
      Channel channel,
      MethodDescriptor<Q, R> method,
      Q request,
      Duration silence,
      long startedNanos,
      Numbered<R> numbered) {
    ClientCall<Q, R> call = channel.newCall(method, CallOptions.DEFAULT);
    MessageQueue queue = new MessageQueue(() -> call.request(1));
    call.start(new Receiver<>(queue, numbered), new Metadata());
    call.sendMessage(request);
    call.halfClose();
    queue.begin();
    return new MetadataCall(call, queue, silence, startedNanos);
  }

  /** When it was started, as the client's clock counts. */
  long startedNanos() {
    return startedNanos;
  }

  /**
   * The next message; null after the last one, which only a status OK says.
   *
   * @throws CallFailed if the call ended otherwise; what came before is the beginning of the answer
   * @throws Cancelled if the thread was interrupted; its flag is set again
   */
  @Nullable MetadataMessage next() throws CallFailed, Cancelled {
    try {
      return queue.take(silence);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while the driver listed extents", "", e);
    }
  }

  /** Ends the call; from any thread. */
  @Override
  public void close() {
    call.cancel("the list is not wanted any more", null);
  }

  private interface Numbered<R> {
    MetadataMessage of(int number, R response);
  }

  private static final class Receiver<R> extends ClientCall.Listener<R> {
    private final MessageQueue queue;
    private final Numbered<R> numbered;
    private int count;

    Receiver(MessageQueue queue, Numbered<R> numbered) {
      this.queue = queue;
      this.numbered = numbered;
    }

    @Override
    public void onMessage(R response) {
      queue.add(numbered.of(++count, response));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      queue.end(status);
    }
  }
}
