package io.blockmover.repository.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.Cancelled;
import io.blockmover.api.ConditionFailed;
import io.blockmover.api.CorruptData;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.StoreFull;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.StoreOperation;
import io.blockmover.api.store.VersionTag;
import io.blockmover.testkit.Fault;
import io.blockmover.testkit.FaultyObjectStore;
import io.blockmover.testkit.MemoryObjectStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryingObjectStoreTest {

  private static final RetryPolicy POLICY =
      new RetryPolicy(
          Duration.ofMillis(100),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(4));

  private final MemoryObjectStore memory = new MemoryObjectStore();
  private final FaultyObjectStore faulty = new FaultyObjectStore(memory);
  private final FakeTiming time = new FakeTiming();
  private final List<String> retries = new ArrayList<>();
  private final ObjectStore store =
      new RetryingObjectStore(
          faulty,
          POLICY,
          time.timing(),
          (operation, key, failures, delay, cause) ->
              retries.add(operation + " " + key + " " + failures));

  @Test
  void whatTookNoEffectIsRepeatedWhateverItIs() throws Exception {
    VersionTag version = memory.put("k", bytes("0"));
    memory.put("other", bytes("0"));
    for (StoreOperation operation : StoreOperation.values()) {
      faulty.enqueue(operation, Fault.unavailable());
    }
    store.replace("k", bytes("1"), version);
    store.put("k", bytes("2"));
    store.putIfAbsent("new", bytes("3"));
    store.read("k", 0, ByteBuffer.allocate(1));
    store.load("k", 1);
    store.find("k");
    assertThat(store.list("", "").next().map(ObjectSummary::key)).contains("k");
    store.delete("other");
    assertThat(faulty.pending()).isZero();
    assertThat(retries).hasSize(StoreOperation.values().length).contains("REPLACE k 1");
  }

  @Test
  void waitsDoubleUpToTheirBoundAndAreJittered() throws Exception {
    for (int i = 0; i < 6; i++) {
      faulty.enqueue(StoreOperation.FIND, Fault.unavailable());
    }
    store.find("k");
    assertThat(time.waits())
        .extracting(Duration::toMillis)
        .containsExactly(50L, 100L, 200L, 400L, 500L, 500L);
    time.waits().clear();
    time.setRandom(0);
    faulty.enqueue(StoreOperation.FIND, Fault.unavailable());
    store.find("k");
    assertThat(time.waits()).containsExactly(Duration.ZERO);
  }

  @Test
  void whatTheStoreAsksToWaitIsWaitedAndMore() throws Exception {
    faulty.enqueue(StoreOperation.FIND, Fault.unavailable(Duration.ofSeconds(3)));
    store.find("k");
    assertThat(time.waits()).containsExactly(Duration.ofMillis(3050));
  }

  @Test
  void aStoreThatHasNeverAnsweredIsGivenUpSooner() {
    faulty.always(StoreOperation.FIND, "", Fault.unavailable());
    assertThatThrownBy(() -> store.find("k")).isInstanceOf(StoreUnavailable.class);
    Duration waited = time.waits().stream().reduce(Duration.ZERO, Duration::plus);
    assertThat(waited).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
  }

  @Test
  void theDeadlineEndsIt() throws Exception {
    store.list("", "").next();
    faulty.always(StoreOperation.FIND, "", Fault.unavailable());
    assertThatThrownBy(() -> store.find("k")).isInstanceOf(StoreUnavailable.class);
    Duration waited = time.waits().stream().reduce(Duration.ZERO, Duration::plus);
    assertThat(waited).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));
  }

  @Test
  void aWaitThatWouldPassTheDeadlineIsNotBegun() throws Exception {
    store.put("k", bytes("1"));
    faulty.always(StoreOperation.FIND, "", Fault.unavailable(Duration.ofSeconds(11)));
    assertThatThrownBy(() -> store.find("k")).isInstanceOf(StoreUnavailable.class);
    assertThat(time.waits()).isEmpty();
  }

  @Test
  void whatAPersonMustChangeIsNotRepeated() {
    faulty.enqueue(StoreOperation.PUT, Fault.full());
    assertThatThrownBy(() -> store.put("k", bytes("1"))).isInstanceOf(StoreFull.class);
    assertThat(time.waits()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100_000})
  void ownPutIfAbsentWithLostReplyIsRecognised(int size) throws Exception {
    faulty.enqueue(StoreOperation.PUT_IF_ABSENT, Fault.lostReply());
    VersionTag version = store.putIfAbsent("d/pack", ByteBuffer.allocate(size));
    assertThat(memory.find("d/pack").map(ObjectSummary::version)).contains(version);
    assertThat(memory.requests(StoreOperation.PUT_IF_ABSENT)).isEqualTo(1);
  }

  @Test
  void aPutIfAbsentThatNeverArrivedIsSentAgain() throws Exception {
    faulty.enqueue(StoreOperation.PUT_IF_ABSENT, Fault.lostRequest());
    store.putIfAbsent("d/pack", bytes("1"));
    assertThat(memory.keys("")).containsExactly("d/pack");
  }

  @Test
  void aPutIfAbsentOvertakenByItsOwnLateRequestSucceeds() throws Exception {
    faulty.enqueue(StoreOperation.PUT_IF_ABSENT, Fault.lateRequest());
    faulty.enqueue(
        StoreOperation.PUT_IF_ABSENT,
        Fault.failBefore(
            () -> {
              faulty.applyLate();
              return new StoreUnavailable("once more", Duration.ZERO, null);
            }));
    VersionTag version = store.putIfAbsent("d/pack", bytes("1"));
    assertThat(memory.find("d/pack").map(ObjectSummary::version)).contains(version);
  }

  @Test
  void aKeyTakenFromTheStartIsNeverTakenForOurs() throws Exception {
    memory.put("d/pack", bytes("1"));
    assertThatThrownBy(() -> store.putIfAbsent("d/pack", bytes("1")))
        .isInstanceOf(ObjectAlreadyExists.class);
    faulty.enqueue(StoreOperation.PUT_IF_ABSENT, Fault.unavailable());
    assertThatThrownBy(() -> store.putIfAbsent("d/pack", bytes("1")))
        .isInstanceOf(ObjectAlreadyExists.class);
  }

  @Test
  void aPackOfAnotherSizeUnderOurNameIsDamage() throws Exception {
    memory.put("d/pack", ByteBuffer.allocate(99_999));
    faulty.enqueue(StoreOperation.PUT_IF_ABSENT, Fault.lostRequest());
    assertThatThrownBy(() -> store.putIfAbsent("d/pack", ByteBuffer.allocate(100_000)))
        .isInstanceOf(CorruptData.class);
  }

  @Test
  void aSmallObjectOfOtherContentUnderTheNameIsNotOurs() throws Exception {
    memory.put("format", bytes("theirs"));
    faulty.enqueue(StoreOperation.PUT_IF_ABSENT, Fault.lostRequest());
    assertThatThrownBy(() -> store.putIfAbsent("format", bytes("oursss")))
        .isInstanceOf(ObjectAlreadyExists.class);
  }

  @Test
  void aLostReplyToACompareAndSwapIsTheCallersToResolve() throws Exception {
    VersionTag version = memory.put("v/x/HEAD", bytes("0"));
    faulty.enqueue(StoreOperation.REPLACE, Fault.lostReply());
    assertThatThrownBy(() -> store.replace("v/x/HEAD", bytes("1"), version))
        .isInstanceOf(WriteOutcomeUnknown.class);
    assertThatThrownBy(() -> store.replace("v/x/HEAD", bytes("2"), version))
        .isInstanceOf(ConditionFailed.class);
    assertThat(memory.requests(StoreOperation.REPLACE)).isEqualTo(2);
    assertThat(time.waits()).isEmpty();
  }

  @Test
  void aHeadThatIsMadeIsTreatedAsOneThatIsSwapped() {
    faulty.enqueue(StoreOperation.PUT_IF_ABSENT, Fault.lostReply());
    assertThatThrownBy(() -> store.putIfAbsent("v/x/HEAD", bytes("1")))
        .isInstanceOf(WriteOutcomeUnknown.class);
    assertThat(memory.requests(StoreOperation.FIND)).isZero();
    assertThat(memory.requests(StoreOperation.LOAD)).isZero();
  }

  @Test
  void aPutOrDeleteWithLostReplyIsRepeated() throws Exception {
    faulty.enqueue(StoreOperation.PUT, Fault.lostReply());
    faulty.enqueue(StoreOperation.DELETE, Fault.lostReply());
    store.put("w/beat", bytes("1"));
    assertThat(memory.requests(StoreOperation.PUT)).isEqualTo(2);
    store.delete("w/beat");
    assertThat(memory.keys("")).isEmpty();
  }

  @Test
  void whatMayHaveTakenEffectIsSaidToBeUnknownWhateverFailsAfterwards() {
    faulty.enqueue(StoreOperation.PUT, Fault.lostReply());
    faulty.always(StoreOperation.PUT, "", Fault.unavailable());
    assertThatThrownBy(() -> store.put("w/beat", bytes("1")))
        .isInstanceOf(WriteOutcomeUnknown.class)
        .satisfies(e -> assertThat(e.getSuppressed()[0]).isInstanceOf(StoreUnavailable.class));
  }

  @Test
  void aBrokenListingGoesOnAfterTheLastKey() throws Exception {
    for (int i = 0; i < 2500; i++) {
      memory.put(String.format("k%04d", i), bytes("x"));
    }
    FaultyObjectStore breaking = new FaultyObjectStore(new BreakingListings(memory));
    ObjectStore retrying =
        new RetryingObjectStore(breaking, POLICY, time.timing(), RetryListener.NONE);
    List<String> keys = new ArrayList<>();
    ObjectStore.ObjectListing listing = retrying.list("k", "");
    for (Optional<ObjectSummary> o = listing.next(); o.isPresent(); o = listing.next()) {
      keys.add(o.get().key());
    }
    assertThat(keys).isEqualTo(memory.keys("k"));
    assertThat(time.waits()).isNotEmpty();
  }

  @Test
  void anInterruptEndsTheWaiting() {
    faulty.enqueue(
        StoreOperation.FIND,
        Fault.failBefore(
            () -> {
              Thread.currentThread().interrupt();
              return new StoreUnavailable("503", Duration.ZERO, null);
            }));
    assertThatThrownBy(() -> store.find("k")).isInstanceOf(Cancelled.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
