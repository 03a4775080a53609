package io.blockmover.repository.gc;

import io.blockmover.api.Cancelled;
import io.blockmover.api.MoverException;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.api.store.VersionTag;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.SimulatedCrash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;

/**
 * Owns every interleaving: each actor waits at each of its requests until it is its turn, so that
 * one thread runs at a time and a seed repeats everything. Requests may lose their reply, come late
 * or be the last of their actor; actors may sleep for long.
 */
final class Schedule {

  private static final int SLEEP_STEPS = 400;

  private final MemoryObjectStore memory;
  private final Random random;
  private final double faultRate;
  private final List<Actor> actors = new ArrayList<>();
  private final List<Late> late = new ArrayList<>();
  private final Semaphore controller = new Semaphore(0);
  private final List<String> trace = new ArrayList<>();
  private int steps;

  Schedule(MemoryObjectStore memory, Random random, double faultRate) {
    this.memory = memory;
    this.random = random;
    this.faultRate = faultRate;
  }

  /** What an actor does. */
  interface Body {
    void run(ObjectStore store) throws Exception;
  }

  /** Looks at the store after a change. */
  interface Check {
    void run() throws MoverException;
  }

  private interface Late {
    void send() throws MoverException;
  }

  private enum Fate {
    NORMAL,
    LOST_REPLY,
    LATE,
    INTERRUPTED,
    CRASH
  }

  void add(String name, Body body) {
    actors.add(new Actor(name, body));
  }

  int steps() {
    return steps;
  }

  /** The last requests, for whoever looks into a failure. */
  String trace() {
    return String.join("\n", trace.subList(Math.max(0, trace.size() - 60), trace.size()));
  }

  /**
   * Runs until all actors have ended; a failure of an actor that is none of the faults is thrown.
   */
  void run(Check check) throws Exception {
    for (Actor actor : actors) {
      actor.start();
      controller.acquire();
    }
    try {
      while (true) {
        List<Actor> ready = actors.stream().filter(actor -> !actor.ended).toList();
        if (ready.isEmpty()) {
          break;
        }
        step(ready, check);
      }
    } finally {
      actors.forEach(Actor::kill);
    }
    for (Late request : late) {
      applyLate(request);
    }
    check.run();
  }

  private void step(List<Actor> ready, Check check) throws Exception {
    steps++;
    if (!late.isEmpty() && random.nextInt(30) == 0) {
      applyLate(late.remove(random.nextInt(late.size())));
      check.run();
      return;
    }
    List<Actor> awake = ready.stream().filter(actor -> actor.asleepUntil <= steps).toList();
    List<Actor> choice = awake.isEmpty() ? ready : awake;
    Actor actor = choice.get(random.nextInt(choice.size()));
    if (random.nextInt(60) == 0) {
      actor.asleepUntil = steps + random.nextInt(SLEEP_STEPS);
      return;
    }
    actor.fate = Fate.NORMAL;
    if (actor.mutates && random.nextDouble() < faultRate) {
      actor.fate = Fate.values()[1 + random.nextInt(Fate.values().length - 1)];
    }
    boolean mutates = actor.mutates;
    trace.add(
        actor.name + ": " + actor.pending + (actor.fate == Fate.NORMAL ? "" : " " + actor.fate));
    actor.turn.release();
    controller.acquire();
    if (actor.failure != null) {
      throw new AssertionError(actor.name + " failed", actor.failure);
    }
    if (mutates) {
      check.run();
    }
  }

  private static void applyLate(Late request) {
    try {
      request.send();
    } catch (MoverException refused) {
      // Its sender has long stopped listening.
    }
  }

  /** A failure that a fault explains. */
  static boolean isExpected(Throwable failure) {
    return failure instanceof SimulatedCrash
        || failure instanceof WriteOutcomeUnknown
        || failure instanceof StoreUnavailable
        || failure instanceof Cancelled;
  }

  private final class Actor {

    private final String name;
    private final Body body;
    private final Semaphore turn = new Semaphore(0);
    private String pending = "begin";
    private boolean mutates;
    private Fate fate = Fate.NORMAL;
    private boolean ended;
    private boolean killed;
    private int asleepUntil;
    private Throwable failure;

    Actor(String name, Body body) {
      this.name = name;
      this.body = body;
    }

    void start() {
      Thread.ofVirtual()
          .name(name)
          .start(
              () -> {
                try {
                  await("begin", false);
                  body.run(new TurnStore(this));
                } catch (Throwable e) {
                  if (!isExpected(e) && !killed) {
                    failure = e;
                  }
                } finally {
                  ended = true;
                  controller.release();
                }
              });
    }

    void await(String request, boolean changes) {
      pending = request;
      mutates = changes;
      controller.release();
      turn.acquireUninterruptibly();
      if (killed || fate == Fate.CRASH) {
        killed = true;
        throw new SimulatedCrash(name + " dies at " + request);
      }
    }

    void kill() {
      killed = true;
      turn.release(1_000_000);
    }
  }

  private interface Request<T> {
    T send() throws MoverException;
  }

  /** The store as one actor sees it. */
  private final class TurnStore extends ForwardingObjectStore {

    private final Actor actor;

    TurnStore(Actor actor) {
      super(memory);
      this.actor = actor;
    }

    private <T> T at(StoreOperation operation, String key, Request<T> request)
        throws MoverException {
      if (actor.killed) {
        throw new SimulatedCrash(actor.name + " is dead");
      }
      actor.await(operation + " " + key, operation.mutates());
      switch (actor.fate) {
        case LOST_REPLY -> {
          try {
            request.send();
          } catch (MoverException refused) {
            // Nobody hears of it.
          }
          throw new WriteOutcomeUnknown("reply lost: " + operation + " " + key, "");
        }
        case LATE -> {
          late.add(request::send);
          throw new WriteOutcomeUnknown("late: " + operation + " " + key, "");
        }
        case INTERRUPTED -> {
          late.add(request::send);
          throw new Cancelled("interrupted: " + operation + " " + key, "");
        }
        case NORMAL, CRASH -> {
          return request.send();
        }
      }
      throw new IllegalStateException();
    }

    private static ByteBuffer copy(ByteBuffer body) {
      return ByteBuffer.allocate(body.remaining()).put(body.duplicate()).flip();
    }

    @Override
    public VersionTag put(String key, ByteBuffer body) throws MoverException {
      ByteBuffer own = copy(body);
      return at(StoreOperation.PUT, key, () -> memory.put(key, own));
    }

    @Override
    public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
      ByteBuffer own = copy(body);
      return at(StoreOperation.PUT_IF_ABSENT, key, () -> memory.putIfAbsent(key, own));
    }

    @Override
    public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
        throws MoverException {
      ByteBuffer own = copy(body);
      return at(StoreOperation.REPLACE, key, () -> memory.replace(key, own, expected));
    }

    @Override
    public void read(String key, long offset, ByteBuffer into) throws MoverException {
      at(
          StoreOperation.READ,
          key,
          () -> {
            memory.read(key, offset, into);
            return key;
          });
    }

    @Override
    public LoadedObject load(String key, int maxBytes) throws MoverException {
      return at(StoreOperation.LOAD, key, () -> memory.load(key, maxBytes));
    }

    @Override
    public Optional<ObjectSummary> find(String key) throws MoverException {
      return at(StoreOperation.FIND, key, () -> memory.find(key));
    }

    @Override
    public ObjectListing list(String prefix, String startAfter) {
      ObjectListing listing = memory.list(prefix, startAfter);
      boolean[] begun = {false};
      return () -> {
        if (begun[0]) {
          return listing.next();
        }
        begun[0] = true;
        return at(StoreOperation.LIST, prefix, listing::next);
      };
    }

    @Override
    public void delete(String key) throws MoverException {
      at(
          StoreOperation.DELETE,
          key,
          () -> {
            memory.delete(key);
            return key;
          });
    }

    @Override
    public void deleteAll(Collection<String> keys) throws MoverException {
      for (String key : List.copyOf(keys)) {
        delete(key);
      }
    }
  }
}
