package io.blockmover.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.ConditionFailed;
import io.blockmover.api.CorruptData;
import io.blockmover.api.StoreFull;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FaultyObjectStoreTest {

  private final MemoryObjectStore memory = new MemoryObjectStore();
  private final FaultyObjectStore store = new FaultyObjectStore(memory);

  @Test
  void faultsStrikeInOrderAndOnlyWhatTheyFit() throws Exception {
    store.enqueue(StoreOperation.PUT, "d/", Fault.full());
    store.enqueue(StoreOperation.PUT, Fault.unavailable(Duration.ofSeconds(7)));
    assertThatThrownBy(() -> store.put("m/1", bytes("x")))
        .isInstanceOfSatisfying(
            StoreUnavailable.class,
            e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(7)));
    store.put("m/1", bytes("x"));
    assertThat(store.pending()).isEqualTo(1);
    assertThatThrownBy(() -> store.put("d/1", bytes("x"))).isInstanceOf(StoreFull.class);
    assertThat(memory.keys("")).containsExactly("m/1");
  }

  @Test
  void aLostReplyTakesEffectAndALostRequestDoesNot() {
    store.enqueue(StoreOperation.PUT, Fault.lostReply());
    store.enqueue(StoreOperation.PUT, Fault.lostRequest());
    assertThatThrownBy(() -> store.put("a", bytes("x"))).isInstanceOf(WriteOutcomeUnknown.class);
    assertThatThrownBy(() -> store.put("b", bytes("x"))).isInstanceOf(WriteOutcomeUnknown.class);
    assertThat(memory.keys("")).containsExactly("a");
  }

  @Test
  void aLateSwapIsJudgedWhenItArrivesAndKeepsItsOwnBytes() throws Exception {
    VersionTag version = memory.put("v/HEAD", bytes("0"));
    byte[] body = {'1'};
    store.enqueue(StoreOperation.REPLACE, Fault.lateRequest());
    store.enqueue(StoreOperation.REPLACE, Fault.lateRequest());
    assertThatThrownBy(() -> store.replace("v/HEAD", ByteBuffer.wrap(body), version))
        .isInstanceOf(WriteOutcomeUnknown.class);
    assertThatThrownBy(() -> store.replace("v/HEAD", bytes("2"), version))
        .isInstanceOf(WriteOutcomeUnknown.class);
    body[0] = 'X';
    assertThat(memory.load("v/HEAD", 1).version()).isEqualTo(version);
    store.applyLate();
    assertThat(memory.load("v/HEAD", 1).bytes()).containsExactly('1');
    assertThatThrownBy(() -> store.replace("v/HEAD", bytes("3"), version))
        .isInstanceOf(ConditionFailed.class);
  }

  @Test
  void readsAreCutAndBitsFlipped() throws Exception {
    memory.put("k", bytes("abc"));
    store.enqueue(StoreOperation.READ, Fault.truncate(1));
    ByteBuffer into = ByteBuffer.allocate(4).position(1);
    assertThatThrownBy(() -> store.read("k", 0, into)).isInstanceOf(CorruptData.class);
    assertThat(into.position()).isEqualTo(1);
    store.enqueue(StoreOperation.READ, Fault.flipBit(8));
    store.read("k", 0, into);
    assertThat(into.array()).containsExactly(0, 'a', 'b' ^ 1, 'c');
    store.enqueue(StoreOperation.LOAD, Fault.flipBit(0));
    assertThat(store.load("k", 3).bytes()).containsExactly('a' ^ 1, 'b', 'c');
    store.enqueue(StoreOperation.LOAD, Fault.truncate(2));
    assertThat(store.load("k", 3).bytes()).containsExactly('a', 'b');
    assertThat(memory.load("k", 3).bytes()).containsExactly('a', 'b', 'c');
  }

  @Test
  void aPausedRequestWaitsForTheTest() throws Exception {
    Fault.Pause pause = Fault.pause();
    store.enqueue(StoreOperation.PUT, pause);
    CompletableFuture<VersionTag> put =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return store.put("k", bytes("x"));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    pause.awaitReached();
    assertThat(memory.keys("")).isEmpty();
    pause.release();
    put.get();
    assertThat(memory.keys("")).containsExactly("k");
  }

  @Test
  void aListingCanFailAndBeBegunAgain() throws Exception {
    memory.put("k", bytes("x"));
    store.enqueue(StoreOperation.LIST, Fault.unavailable());
    assertThatThrownBy(() -> store.list("", "").next()).isInstanceOf(StoreUnavailable.class);
    assertThat(store.list("", "").next()).isPresent();
  }

  @Test
  void aLastingFaultLastsUntilItIsCleared() throws Exception {
    store.always(StoreOperation.FIND, "", Fault.unavailable());
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> store.find("k")).isInstanceOf(StoreUnavailable.class);
    }
    store.clear();
    assertThat(store.find("k")).isEmpty();
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
