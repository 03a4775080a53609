package io.blockmover.cbt.k8s;

import io.blockmover.api.TrackingUnavailable;
import io.blockmover.api.tracking.Applicability;
import io.blockmover.api.tracking.ChangeTracker;
import io.blockmover.api.tracking.ChangeTrackerProvider;
import io.blockmover.api.tracking.SnapshotReference;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.SnapshotAttributes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Trackers on the SnapshotMetadata service of CSI drivers. */
public final class SnapshotMetadataProvider implements ChangeTrackerProvider {

  /** Its name in rules, manifests and metrics. */
  public static final String NAME = "csi-snapshot-metadata";

  private final Supplier<SharedClients> maker;
  private @Nullable SharedClients clients;

  /** As {@link #of} says, with the environment and the cluster of this process. */
  public SnapshotMetadataProvider() {
    this(fromEnvironment(System.getenv(), Cluster::open));
  }

  private SnapshotMetadataProvider(Supplier<SharedClients> maker) {
    this.maker = maker;
  }

  /**
   * As environment variables say (docs/cbt.md), counting in {@link Metrics#globalRegistry}.
   *
   * @param opener called when the first tracker is opened
   */
  public static SnapshotMetadataProvider of(
      Map<String, String> environment, ClusterAccess.Opener opener) {
    return new SnapshotMetadataProvider(fromEnvironment(environment, opener));
  }

  private static Supplier<SharedClients> fromEnvironment(
      Map<String, String> environment, ClusterAccess.Opener opener) {
    return () ->
        clients(
            ClusterAccess.of(environment, opener),
            EndpointOverride.of(environment),
            StreamPolicy.DEFAULT,
            Metrics.globalRegistry,
            Waiting.real());
  }

  /**
   * @param access to the cluster; not closed here
   * @param override another way to the services
   * @param registry takes what is counted
   */
  public SnapshotMetadataProvider(
      ServiceAccess access,
      EndpointOverride override,
      StreamPolicy policy,
      MeterRegistry registry) {
    this(access, override, policy, registry, Waiting.real());
  }

  SnapshotMetadataProvider(
      ServiceAccess access,
      EndpointOverride override,
      StreamPolicy policy,
      MeterRegistry registry,
      Waiting waiting) {
    this.maker = () -> clients(access, override, policy, registry, waiting);
  }

  private static SharedClients clients(
      ServiceAccess access,
      EndpointOverride override,
      StreamPolicy policy,
      MeterRegistry registry,
      Waiting waiting) {
    TrackerMeters meters = new TrackerMeters(registry);
    return new SharedClients(
        driver -> new MetadataClient(access, driver, override, policy, meters, waiting));
  }

  /** Made when first needed: every backup loads this class, and few ask it anything. */
  private synchronized SharedClients clients() {
    if (clients == null) {
      clients = maker.get();
    }
    return clients;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean concerns(SnapshotReference target) {
    return attribute(target, SnapshotAttributes.SNAPSHOT).isPresent()
        && attribute(target, SnapshotAttributes.NAMESPACE).isPresent();
  }

  @Override
  public Applicability applicability(SnapshotReference target) {
    if (!concerns(target)) {
      return new Applicability.NotApplicable("the source is no VolumeSnapshot of a cluster");
    }
    return new Applicability.Applicable();
  }

  @Override
  public ChangeTracker open(SnapshotReference target) throws TrackingUnavailable {
    if (applicability(target) instanceof Applicability.NotApplicable(String reason)) {
      throw new IllegalArgumentException(reason);
    }
    SharedClients.Lease lease = clients().lease(target.driver());
    try {
      lease.client().connect();
      return new SnapshotMetadataTracker(
          lease,
          target,
          attribute(target, SnapshotAttributes.NAMESPACE).orElseThrow(),
          attribute(target, SnapshotAttributes.SNAPSHOT).orElseThrow());
    } catch (TrackingUnavailable | RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  private static Optional<String> attribute(SnapshotReference target, String name) {
    return Optional.ofNullable(target.attributes().get(name)).filter(value -> !value.isEmpty());
  }
}
