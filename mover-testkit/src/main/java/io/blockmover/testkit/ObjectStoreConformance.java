package io.blockmover.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.blockmover.api.ConditionFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ObjectStore} must do; extend it and say how to open yours on an empty place.
 * Conditional writes are tested as far as the store declares them. A known deviation is an override
 * with a reason.
 *
 * <p>How a store speaks of lost replies, throttling and cut connections is for its own tests: the
 * kit has no hand in its transport.
 */
public abstract class ObjectStoreConformance extends ObjectListConformance {

  private static final int RACERS = 6;

  @Test
  protected void aConditionalWriteThatIsNotDeclaredIsRefused() throws Exception {
    if (!store().properties().putIfAbsent()) {
      assertThatIllegalStateException().isThrownBy(() -> store().putIfAbsent("k", bytes("x")));
    }
    if (!store().properties().compareAndSwap()) {
      VersionTag version = store().put("k", bytes("old"));
      assertThatIllegalStateException()
          .isThrownBy(() -> store().replace("k", bytes("new"), version));
      assertHolds("k", "old");
    }
  }

  @Test
  protected void putIfAbsentTakesAFreeKey() throws Exception {
    assumePutIfAbsent();
    VersionTag version = store().putIfAbsent("k", bytes("one"));
    assertHolds("k", "one");
    assertThat(store().find("k").map(ObjectSummary::version)).contains(version);
    store().delete("k");
    store().putIfAbsent("k", bytes("two"));
    assertHolds("k", "two");
  }

  @Test
  protected void putIfAbsentLeavesATakenKeyAsItWas() throws Exception {
    assumePutIfAbsent();
    VersionTag version = store().put("k", bytes("old"));
    assertThatThrownBy(() -> store().putIfAbsent("k", bytes("newer")))
        .isInstanceOf(ObjectAlreadyExists.class);
    assertThatThrownBy(() -> store().putIfAbsent("k", bytes("old")))
        .isInstanceOf(ObjectAlreadyExists.class);
    assertHolds("k", "old");
    assertThat(store().find("k").map(ObjectSummary::version)).contains(version);
  }

  @Test
  protected void replaceNeedsTheCurrentVersion() throws Exception {
    assumeCompareAndSwap();
    VersionTag first = store().put("k", bytes("1"));
    VersionTag second = store().replace("k", bytes("2"), first);
    assertHolds("k", "2");
    assertThatThrownBy(() -> store().replace("k", bytes("3"), first))
        .isInstanceOf(ConditionFailed.class);
    assertHolds("k", "2");
    assertThat(store().load("k", 1).version()).isEqualTo(second);
    store().replace("k", bytes("4"), store().find("k").orElseThrow().version());
    assertHolds("k", "4");
  }

  @Test
  protected void replaceDoesNotMakeAnObject() throws Exception {
    assumeCompareAndSwap();
    VersionTag version = store().put("k", bytes("1"));
    store().delete("k");
    assertThatThrownBy(() -> store().replace("k", bytes("2"), version))
        .isInstanceOf(ConditionFailed.class);
    assertThat(store().find("k")).isEmpty();
  }

  @Test
  protected void aPlainPutMakesOlderVersionsStale() throws Exception {
    assumeCompareAndSwap();
    VersionTag first = store().put("k", bytes("1"));
    store().put("k", bytes("2"));
    assertThatThrownBy(() -> store().replace("k", bytes("3"), first))
        .isInstanceOf(ConditionFailed.class);
    assertHolds("k", "2");
  }

  @Test
  protected void ofManyWhoWantAFreeKeyOneGetsIt() throws Exception {
    assumePutIfAbsent();
    ObjectStore second = createSecondClient(store());
    for (int round = 0; round < raceRounds(); round++) {
      String key = "race/" + round;
      List<Callable<Boolean>> racers = new ArrayList<>();
      for (int racer = 0; racer < RACERS; racer++) {
        ObjectStore client = racer % 2 == 0 ? store() : second;
        ByteBuffer body = bytes("racer " + racer);
        racers.add(() -> wins(() -> client.putIfAbsent(key, body)));
      }
      List<Boolean> won = ConcurrentRun.all(racers);
      assertThat(won).containsOnlyOnce(true);
      assertHolds(key, "racer " + won.indexOf(true));
    }
    second.close();
  }

  @Test
  protected void noUpdateIsLostWhereManySwap() throws Exception {
    assumeCompareAndSwap();
    ObjectStore second = createSecondClient(store());
    store().put("counter", bytes("0 start"));
    List<Callable<Integer>> racers = new ArrayList<>();
    for (int racer = 0; racer < RACERS; racer++) {
      ObjectStore client = racer % 2 == 0 ? store() : second;
      String name = " racer " + racer;
      racers.add(() -> increments(client, name));
    }
    int swaps = ConcurrentRun.all(racers).stream().mapToInt(Integer::intValue).sum();
    String end = new String(store().load("counter", 100).bytes(), UTF_8);
    assertThat(end.substring(0, end.indexOf(' '))).isEqualTo(Integer.toString(swaps));
    second.close();
  }

  @Test
  protected void aReaderNeverSeesHalfAWrite() throws Exception {
    int size = 1 << 20;
    store().put("k", filled(size, 0));
    AtomicBoolean written = new AtomicBoolean();
    Callable<Integer> writer =
        () -> {
          try {
            for (int i = 1; i <= raceRounds(); i++) {
              store().put("k", filled(size, i));
            }
            return 0;
          } finally {
            written.set(true);
          }
        };
    Callable<Integer> reader =
        () -> {
          while (!written.get()) { // a fixed number of rounds may be over before the first write
            byte[] seen = store().load("k", size).bytes();
            assertThat(seen).isEqualTo(filled(size, seen[0]).array());
          }
          return 0;
        };
    ConcurrentRun.all(List.of(writer, reader, reader));
  }

  private void assumePutIfAbsent() {
    assumeTrue(
        store().properties().putIfAbsent(), "does not apply: the store declares no put-if-absent");
  }

  private void assumeCompareAndSwap() {
    assumeTrue(
        store().properties().compareAndSwap(),
        "does not apply: the store declares no compare-and-swap");
  }

  private int increments(ObjectStore client, String name) throws MoverException {
    int swaps = 0;
    for (int attempt = 0; attempt < raceRounds(); attempt++) {
      LoadedObject now = client.load("counter", 100);
      String text = new String(now.bytes(), UTF_8);
      long next = Long.parseLong(text.substring(0, text.indexOf(' '))) + 1;
      // A name and the attempt make bytes unique, as the contract of tags asks.
      ByteBuffer body = bytes(next + name + " " + attempt);
      if (wins(() -> client.replace("counter", body, now.version()))) {
        swaps++;
      }
    }
    return swaps;
  }

  private static boolean wins(Write write) throws MoverException {
    try {
      write.send();
      return true;
    } catch (ObjectAlreadyExists | ConditionFailed lost) {
      return false;
    }
  }

  private static ByteBuffer filled(int size, int value) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) value);
    return ByteBuffer.wrap(bytes);
  }

  private interface Write {
    VersionTag send() throws MoverException;
  }
}
