package io.blockmover.repository.probe;

import io.blockmover.api.Cancelled;
import io.blockmover.api.ConditionFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Threads that increment one counter by compare-and-swap: none of what was acknowledged may go. */
final class ProbeRace {

  private static final int THREADS = 4;
  private static final int INCREMENTS = 8;
  private static final int MAX_ATTEMPTS = 500;

  private final ObjectStore store;
  private final String key;

  ProbeRace(ObjectStore store, String key) {
    this.store = store;
    this.key = key;
  }

  /** What is wrong, or nothing. */
  String problem() throws MoverException {
    store.putIfAbsent(key, body(0));
    List<FutureTask<Tally>> tasks = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      FutureTask<Tally> task = new FutureTask<>(this::increment);
      tasks.add(task);
      Thread.ofVirtual().name("probe-race-" + i).start(task);
    }
    int acknowledged = 0;
    int unknown = 0;
    for (FutureTask<Tally> task : tasks) {
      Tally tally = await(task);
      acknowledged += tally.acknowledged;
      unknown += tally.unknown;
    }
    int value = ByteBuffer.wrap(store.load(key, 4).bytes()).getInt();
    return value >= acknowledged && value <= acknowledged + unknown
        ? ""
        : acknowledged + " increments were acknowledged in a race and " + value + " are there";
  }

  private static Tally await(FutureTask<Tally> task) throws MoverException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MoverException failure) {
        throw failure;
      }
      throw new IllegalStateException("the race of the probe failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while probing the store", "", e);
    }
  }

  private Tally increment() throws MoverException {
    int acknowledged = 0;
    int unknown = 0;
    for (int i = 0; i < MAX_ATTEMPTS && acknowledged < INCREMENTS; i++) {
      LoadedObject now = store.load(key, 4);
      try {
        store.replace(key, body(ByteBuffer.wrap(now.bytes()).getInt() + 1), now.version());
        acknowledged++;
      } catch (ConditionFailed _) {
        // Another thread was first; read again.
      } catch (WriteOutcomeUnknown _) {
        unknown++;
      }
    }
    return new Tally(acknowledged, unknown);
  }

  private static ByteBuffer body(int value) {
    return ByteBuffer.wrap(ByteBuffer.allocate(4).putInt(value).array());
  }

  private record Tally(int acknowledged, int unknown) {}
}
