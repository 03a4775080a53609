package io.blockmover.velero.controller;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** What the controller counts of itself. */
final class ControllerMeters {

  private final MeterRegistry registry;

  ControllerMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void step(boolean good) {
    registry
        .counter("blockmover.controller.steps", "outcome", good ? "done" : "failed")
        .increment();
  }

  void gauge(String name, String what, Supplier<Number> value) {
    Gauge.builder(name, value).description(what).register(registry);
  }
}
