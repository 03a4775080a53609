package io.blockmover.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.RepositoryNotFound;
import io.blockmover.api.StoreRejected;
import io.blockmover.api.UnsupportedFormat;
import io.blockmover.api.WrongPassword;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.StoreProperties;
import io.blockmover.api.store.StoreReport;
import io.blockmover.api.store.VersionTag;
import io.blockmover.repository.key.PasswordCost;
import io.blockmover.repository.store.BandwidthLimit;
import io.blockmover.repository.store.CountingObjectStore;
import io.blockmover.repository.store.RetryListener;
import io.blockmover.repository.store.RetryPolicy;
import io.blockmover.repository.store.RetryingObjectStore;
import io.blockmover.repository.store.ThrottledObjectStore;
import io.blockmover.repository.store.Timing;
import io.blockmover.testkit.CrashingObjectStore;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.testkit.SimulatedCrash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RepositoryInitTest {

  private static final RepositoryInit.Options OPTIONS =
      new RepositoryInit.Options("secret", new PasswordCost(64, 1, 1), 512 << 10);

  private final MemoryObjectStore store = new MemoryObjectStore();

  private Repository init() throws Exception {
    return new RepositoryInit(store, Clock.systemUTC(), new SecureRandom()).create(OPTIONS);
  }

  private Repository open(String password) throws Exception {
    return Repository.open(store, password, Clock.systemUTC(), Randomness.secure());
  }

  private void edit(String from, String to) {
    store.damage(
        RepositoryFormat.KEY,
        bytes ->
            new String(bytes, StandardCharsets.UTF_8)
                .replace(from, to)
                .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aNewRepositoryOpensWithItsPasswordOnly() throws Exception {
    Repository created = init();
    assertThat(open("secret").keys()).isEqualTo(created.keys());
    assertThat(created.format().store().storeClass()).isEqualTo("A");
    assertThatThrownBy(() -> open("Secret")).isInstanceOf(WrongPassword.class);
    assertThatThrownBy(() -> open(null)).isInstanceOf(WrongPassword.class);
    assertThat(store.keys("probe")).isEmpty();
  }

  @Test
  void aSecondInitChangesNothing() throws Exception {
    init();
    List<String> before = store.keys("");
    assertThatThrownBy(this::init).isInstanceOf(ObjectAlreadyExists.class);
    assertThat(store.keys("")).isEqualTo(before);
    open("secret");
  }

  @Test
  void anInitThatCrashedAnywhereIsRepeated() throws Exception {
    MemoryObjectStore copy = store.copy();
    CrashingObjectStore counter = new CrashingObjectStore(copy, Long.MAX_VALUE, true);
    new RepositoryInit(new RaceUncounted(counter, copy), Clock.systemUTC(), new SecureRandom())
        .create(OPTIONS);
    for (long back = 0; back < 3; back++) {
      MemoryObjectStore memory = new MemoryObjectStore();
      CrashingObjectStore dying =
          new CrashingObjectStore(memory, counter.mutations() - 1 - back, back == 0);
      assertThatThrownBy(
              () ->
                  new RepositoryInit(
                          new RaceUncounted(dying, memory), Clock.systemUTC(), new SecureRandom())
                      .create(OPTIONS))
          .isInstanceOf(SimulatedCrash.class);
      assertThat(memory.find(RepositoryFormat.KEY)).isEmpty();
      new RepositoryInit(memory, Clock.systemUTC(), new SecureRandom()).create(OPTIONS);
      Repository.open(memory, "secret", Clock.systemUTC(), Randomness.secure());
    }
  }

  @Test
  void aRepositoryThatSaysItIsNotEncryptedIsRefusedWhereAPasswordIsGiven() throws Exception {
    new RepositoryInit(store, Clock.systemUTC(), new SecureRandom())
        .create(new RepositoryInit.Options(null, new PasswordCost(64, 1, 1), 512 << 10));
    assertThatThrownBy(() -> open("secret"))
        .isInstanceOf(WrongPassword.class)
        .hasMessageContaining("not encrypted, but a password is set");
    assertThat(open(null).format().encrypted()).isFalse();
  }

  @Test
  void aPlantedSlotThatCostsTooMuchIsDamageAndKeepsNobodyOut() throws Exception {
    init();
    String slot = store.keys("keys/").getFirst();
    byte[] good = store.load(slot, 64 << 10).bytes();
    String costly =
        new String(good, StandardCharsets.UTF_8)
            .replace("\"memoryKiB\":64", "\"memoryKiB\":262145");
    store.put("keys/0", ByteBuffer.wrap(costly.getBytes(StandardCharsets.UTF_8)));
    open("secret");
    store.delete(slot);
    assertThatThrownBy(() -> open("secret"))
        .isInstanceOf(CorruptData.class)
        .hasMessageContaining("keys/0");
  }

  @Test
  void noRepositoryIsSaidSo() {
    assertThatThrownBy(() -> open("secret")).isInstanceOf(RepositoryNotFound.class);
  }

  @Test
  void aNewerVersionIsRefused() throws Exception {
    init();
    edit("\"version\":1", "\"version\":2");
    assertThatThrownBy(() -> open("secret")).isInstanceOf(UnsupportedFormat.class);
  }

  @Test
  void anUnknownFeatureIsNamed() throws Exception {
    init();
    edit("\"read\":[]", "\"read\":[\"holograms\"]");
    assertThatThrownBy(() -> open("secret"))
        .isInstanceOf(UnsupportedFormat.class)
        .hasMessageContaining("holograms");
  }

  @Test
  void anEditedFormatIsDamage() throws Exception {
    init();
    edit("\"chunkBytes\":524288", "\"chunkBytes\":262144");
    assertThatThrownBy(() -> open("secret"))
        .isInstanceOfSatisfying(
            CorruptData.class, damage -> assertThat(damage.advice()).contains("sound copy"));
  }

  @Test
  void aStoreWithoutCompareAndSwapIsRefused() {
    MemoryObjectStore weak =
        new MemoryObjectStore(new StoreProperties(1, true, false, true), InstantSource.system());
    assertThatThrownBy(
            () -> new RepositoryInit(weak, Clock.systemUTC(), new SecureRandom()).create(OPTIONS))
        .isInstanceOf(StoreRejected.class);
    assertThat(weak.keys("")).isEmpty();
  }

  @Test
  void aStoreThatTheProbeFoundUnfitIsRefusedWithWhatWasFound() {
    StoreReport report =
        new StoreReport(
            StoreReport.Suitability.SINGLE_WRITER,
            Map.of(),
            List.of(
                new StoreReport.Finding(StoreReport.Level.GOOD, "listing", "fine"),
                new StoreReport.Finding(
                    StoreReport.Level.WARNING, "compare and swap, raced", "updates are lost")));
    assertThatThrownBy(
            () ->
                new RepositoryInit(store, Clock.systemUTC(), new SecureRandom())
                    .create(OPTIONS, report))
        .isInstanceOf(StoreRejected.class)
        .hasMessageContaining("compare and swap, raced: updates are lost")
        .hasMessageNotContaining("fine");
    assertThat(store.keys("")).isEmpty();
  }

  @Test
  void whatTheProbeLearnedIsUsedAtOnceAndByWhoeverOpensTheRepository() throws Exception {
    Map<String, String> learned = Map.of("some-checksum", "crc32c");
    StoreReport report = new StoreReport(StoreReport.Suitability.SHARED, learned, List.of());
    List<Map<String, String>> adopted = new ArrayList<>();
    ObjectStore recording =
        new ForwardingObjectStore(store) {
          @Override
          public void adopt(Map<String, String> options) {
            assertThat(store.keys("keys/")).as("written before").hasSize(adopted.size());
            adopted.add(options);
          }
        };
    // With every wrapper of production in between.
    BandwidthLimit none = new BandwidthLimit(0, Timing.system());
    ObjectStore wrapped =
        new RetryingObjectStore(
            new ThrottledObjectStore(new CountingObjectStore(recording), none, none),
            RetryPolicy.standard(),
            Timing.system(),
            RetryListener.NONE);
    new RepositoryInit(wrapped, Clock.systemUTC(), new SecureRandom()).create(OPTIONS, report);
    assertThat(adopted).hasSize(2).containsOnly(learned);
    Repository opened = Repository.open(store, "secret", Clock.systemUTC(), Randomness.secure());
    assertThat(opened.format().store().options()).isEqualTo(learned);
  }

  /** How often the racers of the probe try again is chance; it must not move the crash. */
  private static final class RaceUncounted extends ForwardingObjectStore {

    private final ObjectStore uncounted;

    RaceUncounted(ObjectStore counted, ObjectStore uncounted) {
      super(counted);
      this.uncounted = uncounted;
    }

    @Override
    public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
        throws MoverException {
      return key.startsWith("probe-")
          ? uncounted.replace(key, body, expected)
          : super.replace(key, body, expected);
    }
  }
}
