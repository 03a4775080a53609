package io.blockmover.cbt.k8s.serve;

import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What the server counts. */
final class ServerMeters {

  private final MeterRegistry registry;
  private final Counter records;

  ServerMeters(MeterRegistry registry) {
    this.registry = registry;
    this.records = registry.counter("mover.cbt.server.records");
  }

  void sent(int entries) {
    records.increment(entries);
  }

  void ended(boolean delta, Status.Code code) {
    registry
        .counter(
            "mover.cbt.server.streams",
            "kind",
            delta ? "delta" : "allocated",
            "status",
            code.name())
        .increment();
  }
}
