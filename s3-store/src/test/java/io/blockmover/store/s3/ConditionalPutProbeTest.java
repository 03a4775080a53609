package io.blockmover.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.StoreReport.Finding;
import io.blockmover.api.store.StoreReport.Level;
import io.blockmover.api.store.VersionTag;
import io.blockmover.testkit.MemoryObjectStore;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ConditionalPutProbeTest {

  @Test
  void anHonestStorePassesAndIsLeftEmpty() throws MoverException {
    MemoryObjectStore store = new MemoryObjectStore();
    ConditionalPutProbe.Result result = ConditionalPutProbe.run(store, "probe/");
    assertThat(result.putIfAbsent()).isTrue();
    assertThat(result.compareAndSwap()).isTrue();
    assertThat(result.findings()).extracting(Finding::level).containsOnly(Level.GOOD);
    assertThat(store.list("", "").next()).isEmpty();
  }

  @Test
  void aStoreThatIgnoresIfNoneMatchIsFoundOut() throws MoverException {
    ObjectStore ignoring =
        new ForwardingObjectStore(new MemoryObjectStore()) {
          @Override
          public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
            return put(key, body);
          }
        };
    ConditionalPutProbe.Result result = ConditionalPutProbe.run(ignoring, "probe/");
    assertThat(result.putIfAbsent()).isFalse();
    assertThat(result.findings()).anyMatch(f -> f.level() == Level.FAILED);
  }

  @Test
  void aStoreThatIgnoresIfMatchIsFoundOut() throws MoverException {
    ObjectStore ignoring =
        new ForwardingObjectStore(new MemoryObjectStore()) {
          @Override
          public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
              throws MoverException {
            return put(key, body);
          }
        };
    ConditionalPutProbe.Result result = ConditionalPutProbe.run(ignoring, "probe/");
    assertThat(result.putIfAbsent()).isTrue();
    assertThat(result.compareAndSwap()).isFalse();
  }

  @Test
  void aStoreThatLooksFirstAndWritesThenLosesTheRace() throws MoverException {
    ObjectStore racy =
        new ForwardingObjectStore(new MemoryObjectStore()) {
          @Override
          public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
              throws MoverException {
            boolean current =
                find(key).filter(found -> found.version().equals(expected)).isPresent();
            Thread.yield();
            return current ? put(key, body) : super.replace(key, body, expected);
          }
        };
    assertThat(ConditionalPutProbe.run(racy, "probe/").compareAndSwap()).isFalse();
  }
}
