package io.blockmover.ceph.rbd.librbd;

/**
 * A read or write under way. Its memory must stay valid until {@link #await()} or {@link #close()}
 * returned. Closing the image ends it as well. Thread-safe.
 */
public final class Transfer implements AutoCloseable {

  private final Librbd rbd;
  private final NativeHandle completion;

  Transfer(Librbd rbd, NativeHandle completion) {
    this.rbd = rbd;
    this.completion = completion;
  }

  /**
   * Waits for the end.
   *
   * @return the bytes read, fewer than asked for only at the end of the image; 0 for anything else
   */
  public int await() throws CephFailure {
    return completion.use(
        pointer -> {
          rbd.awaitCompletion.require(completion.name(), pointer);
          return (int) rbd.completionResult.requireLong(completion.name(), pointer);
        });
  }

  /** Whether {@link #await()} would return at once. */
  public boolean isDone() throws CephFailure {
    return completion.use(pointer -> rbd.isComplete.callInt(pointer) != 0);
  }

  /** Waits for the end, whatever it is, and frees what librbd holds. Repeating is harmless. */
  @Override
  public void close() {
    completion.close();
  }
}
