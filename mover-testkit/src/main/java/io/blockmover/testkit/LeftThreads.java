package io.blockmover.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** The threads there were before something that should leave none behind. */
record LeftThreads(Set<Thread> before) {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  static LeftThreads now() {
    return new LeftThreads(Set.copyOf(Thread.getAllStackTraces().keySet()));
  }

  /** Waits for new threads to end, and fails if one does not. */
  void assertNoMore() throws InterruptedException {
    Set<Thread> left = new HashSet<>(Thread.getAllStackTraces().keySet());
    left.removeAll(before);
    left.removeIf(LeftThreads::belongsToTheMachine);
    for (Thread thread : left) {
      assertThat(thread.join(PATIENCE)).as("%s ends", thread).isTrue();
    }
  }

  /** Pools and cleaners of the JVM start when they are first used, and stay. */
  private static boolean belongsToTheMachine(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    return group == null
        || "InnocuousThreadGroup".equals(group.getName())
        || "system".equals(group.getName())
        || thread.getName().startsWith("ForkJoinPool.commonPool");
  }
}
