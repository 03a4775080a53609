package io.blockmover.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Runs a kit inside a test. */
record KitRun(Set<String> failed, long succeeded) {

  static KitRun of(Class<?> kit) {
    Events tests =
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(kit)).execute().testEvents();
    Set<String> failed = new TreeSet<>();
    tests.failed().stream()
        .forEach(
            event ->
                failed.add(event.getTestDescriptor().getDisplayName().replaceFirst("\\(.*", "")));
    return new KitRun(failed, tests.succeeded().count());
  }
}
