package io.blockmover.velero.controller;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ClusterObjects;
import io.blockmover.kubernetes.MicroTime;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One of several controllers works, the others wait: whose Lease it is. A holder is gone if our own
 * clock saw no renewal for {@link #LIFE}, whatever the times in the Lease say. Two that both take
 * themselves for the holder for a moment do no harm: they write the same things, and each write to
 * a transfer is a compare-and-swap. Not thread-safe: one thread ticks.
 */
final class Leadership {

  static final Duration LIFE = Duration.ofSeconds(15);

  /** How often {@link #tick} is to be called. */
  static final Duration TICK = Duration.ofSeconds(3);

  private final ClusterObjects objects;
  private final ObjectName name;
  private final String identity;
  private final InstantSource clock;
  private String seenVersion = "";
  private Instant seenAt = Instant.EPOCH;
  private Instant renewedAt = Instant.EPOCH;
  private boolean held;

  Leadership(ClusterObjects objects, ObjectName name, String identity, InstantSource clock) {
    this.objects = objects;
    this.name = name;
    this.identity = identity;
    this.clock = clock;
  }

  /**
   * Looks at the Lease: takes it if it is free, renews it if it is ours.
   *
   * @return whether it is ours
   */
  boolean tick() {
    try {
      Optional<ClusterObject> lease = objects.find(ObjectKind.LEASE, name);
      if (lease.isEmpty()) {
        objects.create(ObjectKind.LEASE, name, body(Optional.empty()));
        renewed();
      } else if (mine(lease.get()) || expired(lease.get())) {
        objects.patch(ObjectKind.LEASE, name.namespace(), name.name(), body(lease));
        renewed();
      } else {
        held = false;
      }
    } catch (MoverException e) {
      // Somebody was faster, or the server is away: the next tick tells.
      held = held && Duration.between(renewedAt, clock.instant()).compareTo(LIFE) < 0;
    }
    return held;
  }

  private void renewed() {
    held = true;
    renewedAt = clock.instant();
  }

  private boolean mine(ClusterObject lease) {
    return lease.text("spec", "holderIdentity").orElse("").equals(identity);
  }

  private boolean expired(ClusterObject lease) {
    if (lease.text("spec", "holderIdentity").isEmpty()) {
      return true; // It was given back.
    }
    if (!lease.resourceVersion().equals(seenVersion)) {
      seenVersion = lease.resourceVersion();
      seenAt = clock.instant();
      return false;
    }
    return Duration.between(seenAt, clock.instant()).compareTo(LIFE) >= 0;
  }

  /** Gives it back, so that the next one need not wait. */
  void release() {
    if (!held) {
      return;
    }
    held = false;
    try {
      Optional<ClusterObject> lease = objects.find(ObjectKind.LEASE, name);
      if (lease.isPresent() && mine(lease.get())) {
        objects.patch(
            ObjectKind.LEASE,
            name.namespace(),
            name.name(),
            Map.of(
                "metadata",
                Map.of("resourceVersion", lease.get().resourceVersion()),
                "spec",
                Map.of("holderIdentity", "")));
      }
    } catch (MoverException e) {
      // Then the next one waits until it is seen to be dead.
    }
  }

  private Map<String, Object> body(Optional<ClusterObject> replaced) {
    Map<String, Object> metadata = new HashMap<>();
    replaced.ifPresent(lease -> metadata.put("resourceVersion", lease.resourceVersion()));
    return Map.of(
        "metadata",
        metadata,
        "spec",
        Map.of(
            "holderIdentity",
            identity,
            "leaseDurationSeconds",
            LIFE.toSeconds(),
            "renewTime",
            MicroTime.text(clock.instant())));
  }
}
