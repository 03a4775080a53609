package io.blockmover.repository.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.store.StoreOperation;
import io.blockmover.repository.commit.Scene;
import io.blockmover.repository.document.DocumentStore;
import io.blockmover.testkit.Fault;
import io.blockmover.testkit.FaultyObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HeartbeatTest {

  private static final String SESSION = "0123456789abcdef0123456789abcdef";

  @Test
  @Timeout(30)
  void closingDoesNotWaitForABeatThatTheStoreDoesNotAnswer() throws Exception {
    Scene scene = new Scene();
    FaultyObjectStore faulty = new FaultyObjectStore(scene.memory);
    DocumentStore documents = Scene.through(faulty).documents();
    try (ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor()) {
      SessionHost host = new SessionHost("host", 1, "test", scheduler, Duration.ofMillis(1));
      Beat beat =
          Beat.ofReader(
              host,
              SessionKind.VERIFY,
              scene.repository.volumeId(Scene.VOLUME),
              Scene.VOLUME,
              Instant.EPOCH,
              "s/x/y",
              "b");
      Heartbeat heartbeat = Heartbeat.start(documents, host, SESSION, beat);
      Fault.Pause forever = Fault.pause();
      faulty.enqueue(StoreOperation.PUT, "w/", forever);
      forever.awaitReached();
      heartbeat.close();
      long beats = scene.memory.requests(StoreOperation.PUT);
      scheduler.submit(() -> {}).get();
      assertThat(scene.memory.requests(StoreOperation.PUT)).as("no beat follows").isEqualTo(beats);
    }
  }
}
