package io.blockmover.repository.pack;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.testkit.ConcurrentRun;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.RepeatedTest;

class PackBuffersTest {

  @RepeatedTest(50)
  void thereAreNeverMoreThanTheNumberAskedFor() throws Exception {
    PackBuffers buffers = new PackBuffers(3, 4096);
    Set<ByteBuffer> seen =
        Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int thread = 0; thread < 6; thread++) {
      tasks.add(
          () -> {
            for (int i = 0; i < 500; i++) {
              ByteBuffer buffer = buffers.take();
              seen.add(buffer);
              buffers.release(buffer); // throws if there is one too many
            }
            return true;
          });
    }
    ConcurrentRun.all(tasks);
    assertThat(seen).hasSizeLessThanOrEqualTo(3);
  }
}
