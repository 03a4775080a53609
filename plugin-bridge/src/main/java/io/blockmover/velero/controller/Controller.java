package io.blockmover.velero.controller;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectWatch;
import io.blockmover.velero.settings.BridgeEnvironment;
import io.blockmover.velero.settings.BridgeSettings;
import io.blockmover.velero.transfer.Transfer;
import io.blockmover.velero.transfer.TransferKind;
import io.blockmover.velero.transfer.Transfers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller at work: hears of changes, and lets each transfer be looked at when something of
 * it changed or its time has come. Nothing of the cluster is kept in memory but who is in the
 * queue; reconcilers read what they need.
 */
public final class Controller implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Controller.class);
  private static final int THREADS = 4;
  private static final Duration RESYNC = Duration.ofMinutes(10);
  private static final Duration REFRESH = Duration.ofSeconds(30);
  private static final Duration DEAD = Duration.ofMinutes(5);

  private final Cluster cluster;
  private final BridgeEnvironment environment;
  private final Supplier<BridgeSettings> settings;
  private final Transfers transfers;
  private final WorkQueue work;
  private final TransferQueue queue;
  private final ReadyNodes nodes;
  private final Workers workers;
  private final List<Chore> chores;
  private final Chores runner = new Chores();
  private final InstantSource clock;
  private final Map<String, TransferKey> keys = new ConcurrentHashMap<>();
  private final List<ObjectWatch> watches = new ArrayList<>();

  /** What brings one kind of transfers to its end. */
  @FunctionalInterface
  public interface ReconcilerFactory {
    Map<TransferKind, Reconciler> make(Admission admission);
  }

  public Controller(
      Cluster cluster,
      BridgeEnvironment environment,
      Supplier<BridgeSettings> settings,
      ReconcilerFactory reconcilers,
      List<Chore> chores,
      MeterRegistry registry,
      InstantSource clock) {
    this.cluster = cluster;
    this.environment = environment;
    this.settings = settings;
    this.clock = clock;
    this.chores = new ArrayList<>(chores);
    this.chores.add(new Chore("looking at the queue", REFRESH, this::refresh));
    this.chores.add(new Chore("looking at everything again", RESYNC, this::resync));
    this.transfers = new Transfers(cluster.objects());
    this.work = new WorkQueue(clock);
    this.nodes = new ReadyNodes(cluster);
    this.queue =
        new TransferQueue(
            () -> settings.get().concurrency(),
            nodes::count,
            clock,
            key -> work.add(key, Duration.ZERO));
    ControllerMeters meters = new ControllerMeters(registry);
    meters.gauge("blockmover.transfers.queued", "transfers that wait", queue::queued);
    meters.gauge("blockmover.transfers.active", "transfers at work", queue::atWork);
    this.workers = new Workers(work, reconcilers.make(queue), meters, clock);
  }

  /**
   * Begins. All transfers that there are are known before the first is looked at: the limits count
   * those that an earlier controller began.
   *
   * @throws MoverException if the API server does not let us, or is away
   */
  public void start() throws MoverException {
    nodes.look();
    resync();
    String namespace = environment.namespace();
    Map<String, String> ours = Map.of(Transfer.MANAGER_LABEL, Transfer.MANAGER);
    for (TransferKind kind : TransferKind.values()) {
      watches.add(
          cluster.watch(
              kind.kind(), namespace, Map.of(), (object, gone) -> changed(kind, object, gone)));
    }
    for (ObjectKind kind : List.of(ObjectKind.POD, ObjectKind.CLAIM, ObjectKind.SNAPSHOT)) {
      watches.add(cluster.watch(kind, namespace, ours, (object, gone) -> touched(object)));
    }
    workers.start(THREADS);
    runner.start(chores);
    log.info("at work in namespace {} as {}", namespace, environment.identity());
  }

  /** Looks at everything again: what a watch has missed is found. */
  private void resync() throws MoverException {
    nodes.look();
    Set<String> there = new HashSet<>();
    List<Transfer> found = new ArrayList<>();
    for (TransferKind kind : TransferKind.values()) {
      found.addAll(transfers.list(kind, environment.namespace()));
    }
    for (Transfer transfer : found) {
      if (ours(transfer)) {
        there.add(transfer.uid());
        observe(transfer);
      }
    }
    keys.keySet().retainAll(there);
    queue.retain(there);
    found.stream()
        .filter(transfer -> ours(transfer) && (!transfer.phase().terminal() || transfer.held()))
        .forEach(transfer -> work.add(TransferKey.of(transfer), Duration.ZERO));
  }

  /** Wakes those in the queue who may begin by now. */
  private void refresh() {
    queue.refresh();
  }

  /** Whether threads still do something: each looks at something every few minutes. */
  public boolean alive() {
    return work.size() == 0
        || Duration.between(workers.alive(), clock.instant()).compareTo(DEAD) < 0;
  }

  private boolean ours(Transfer transfer) {
    return transfer.dataMover().equals(settings.get().dataMover());
  }

  private void observe(Transfer transfer) {
    keys.put(transfer.uid(), TransferKey.of(transfer));
    queue.observe(transfer);
  }

  private void changed(TransferKind kind, ClusterObject object, boolean gone) {
    Transfer transfer = new Transfer(kind, object);
    if (!ours(transfer)) {
      return;
    }
    if (gone) {
      keys.remove(transfer.uid());
      queue.leave(transfer.uid());
      return;
    }
    observe(transfer);
    if (!transfer.phase().terminal() || transfer.held()) {
      work.add(TransferKey.of(transfer), Duration.ZERO);
    }
  }

  private void touched(ClusterObject object) {
    TransferKey key = keys.get(object.labels().getOrDefault(Transfer.UID_LABEL, ""));
    if (key != null) {
      work.add(key, Duration.ZERO);
    }
  }

  @Override
  public void close() {
    runner.close();
    watches.forEach(ObjectWatch::close);
    workers.close();
  }
}
