package io.blockmover.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.ConditionFailed;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.LoadedObject;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kit is only worth something if it catches stores that are wrong. */
class ObjectStoreConformanceTest {

  private static UnaryOperator<ObjectStore> defect = UnaryOperator.identity();

  @Test
  void aCorrectStorePasses() {
    defect = UnaryOperator.identity();
    KitRun run = KitRun.of(Kit.class);
    assertThat(run.failed()).isEmpty();
    assertThat(run.succeeded()).isGreaterThanOrEqualTo(30);
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void aWrongStoreIsCaught(Defect wrong) {
    defect = wrong.store;
    assertThat(KitRun.of(Kit.class).failed()).contains(wrong.caughtBy);
  }

  static final class Kit extends ObjectStoreConformance {
    @Override
    protected ObjectStore createStore() {
      return defect.apply(new MemoryObjectStore());
    }

    @Override
    protected int largeBytes() {
      return 1 << 16;
    }
  }

  enum Defect {
    DROPS_THE_LAST_BYTE(DropsLastByte::new, "aLargeObjectIsKeptToTheLastByte"),
    KEEPS_THE_CALLERS_ARRAY(KeepsBody::new, "theBodyIsLeftAloneAndCopied"),
    CONSUMES_THE_BODY(ConsumesBody::new, "theBodyIsLeftAloneAndCopied"),
    SHORT_READ_WITHOUT_ERROR(ShortReads::new, "aRangePastTheEndIsDamageAndLeavesThePosition"),
    READS_ONE_BYTE_OFF(OffByOne::new, "aRangeIsReadExactly"),
    REPORTS_MISSING_AS_DAMAGE(MissingIsDamage::new, "aMissingObjectIsSaidToBeMissing"),
    LISTS_OUT_OF_ORDER(ListsDirectoriesFirst::new, "keysComeInByteOrder"),
    LOSES_KEYS_BEYOND_1000(FirstPageOnly::new, "moreKeysThanAPageAreListedAndDeleted"),
    IGNORES_START_AFTER(IgnoresStartAfter::new, "aListingBeginsAfterAnyKey"),
    INCLUDES_START_AFTER(IncludesStartAfter::new, "aListingBeginsAfterAnyKey"),
    TAKES_PREFIX_FOR_DIRECTORY(DirectoryPrefix::new, "aPrefixNeedNotBeADirectory"),
    LISTS_LATE(StaleListing::new, "aListingSeesWhatWasWrittenAndNotWhatWasDeleted"),
    STOPS_AT_MISSING_IN_BATCH(DeletesHalf::new, "moreKeysThanAPageAreListedAndDeleted"),
    OVERWRITES_IF_PRESENT(IgnoresIfAbsent::new, "putIfAbsentLeavesATakenKeyAsItWas"),
    WRITES_AND_THEN_REFUSES(WritesAndRefuses::new, "putIfAbsentLeavesATakenKeyAsItWas"),
    CHECKS_AND_THEN_PUTS(CheckThenPut::new, "ofManyWhoWantAFreeKeyOneGetsIt"),
    CHECKS_AND_THEN_SWAPS(CheckThenSwap::new, "noUpdateIsLostWhereManySwap"),
    IGNORES_THE_VERSION(IgnoresVersion::new, "replaceNeedsTheCurrentVersion"),
    KEEPS_NEW_BYTES_AFTER_REFUSAL(SwapsAndRefuses::new, "replaceNeedsTheCurrentVersion"),
    REPLACE_MAKES_OBJECTS(ReplaceMakes::new, "replaceDoesNotMakeAnObject"),
    VERSION_IS_THE_SIZE(SizeTags::new, "aPlainPutMakesOlderVersionsStale"),
    WRITES_IN_TWO_HALVES(TwoHalves::new, "aReaderNeverSeesHalfAWrite"),
    DELETES_BY_PREFIX(DeletesPrefix::new, "deletingRemovesAndRepeatingIsHarmless"),
    FOLDS_CASE(FoldsCase::new, "unusualKeysAreKept"),
    TAKES_ANY_KEY(AnyKey::new, "whatIsNoKeyIsRefused"),
    SWALLOWS_INTERRUPTS(SwallowsInterrupts::new, "anInterruptedCallIsCancelledAndTheFlagStays");

    private final UnaryOperator<ObjectStore> store;
    private final String caughtBy;

    Defect(UnaryOperator<ObjectStore> store, String caughtBy) {
      this.store = store;
      this.caughtBy = caughtBy;
    }
  }

  private static class Wrong extends ForwardingObjectStore {
    Wrong(ObjectStore next) {
      super(next);
    }

    final List<ObjectSummary> all(String prefix, String startAfter) throws MoverException {
      List<ObjectSummary> all = new ArrayList<>();
      ObjectListing listing = next().list(prefix, startAfter);
      for (Optional<ObjectSummary> o = listing.next(); o.isPresent(); o = listing.next()) {
        all.add(o.get());
      }
      return all;
    }

    /** A listing that is a list made by somebody else. */
    static ObjectListing lazily(Listed listed) {
      ObjectListing[] made = new ObjectListing[1];
      return () -> {
        if (made[0] == null) {
          made[0] = ObjectListing.of(listed.get().iterator());
        }
        return made[0].next();
      };
    }

    interface Listed {
      List<ObjectSummary> get() throws MoverException;
    }
  }

  private static final class DropsLastByte extends Wrong {
    DropsLastByte(ObjectStore next) {
      super(next);
    }

    @Override
    public VersionTag put(String key, ByteBuffer body) throws MoverException {
      int odd = body.remaining() % 2;
      return next().put(key, body.slice(body.position(), body.remaining() - odd));
    }
  }

  private static final class KeepsBody extends Wrong {
    private final Map<String, ByteBuffer> bodies = new HashMap<>();

    KeepsBody(ObjectStore next) {
      super(next);
    }

    @Override
    public VersionTag put(String key, ByteBuffer body) throws MoverException {
      bodies.put(key, body.slice());
      return next().put(key, body);
    }

    @Override
    public LoadedObject load(String key, int maxBytes) throws MoverException {
      LoadedObject loaded = next().load(key, maxBytes);
      if (bodies.containsKey(key)) {
        bodies.get(key).duplicate().get(loaded.bytes());
      }
      return loaded;
    }
  }

  private static final class ConsumesBody extends Wrong {
    ConsumesBody(ObjectStore next) {
      super(next);
    }

    @Override
    public VersionTag put(String key, ByteBuffer body) throws MoverException {
      VersionTag version = next().put(key, body);
      body.position(body.limit());
      return version;
    }
  }

  private static final class ShortReads extends Wrong {
    ShortReads(ObjectStore next) {
      super(next);
    }

    @Override
    public void read(String key, long offset, ByteBuffer into) throws MoverException {
      long rest = next().find(key).map(ObjectSummary::sizeBytes).orElse(Long.MAX_VALUE) - offset;
      int length = Math.clamp(rest, 0, into.remaining());
      next().read(key, offset, into.slice(into.position(), length));
      into.position(into.limit());
    }
  }

  private static final class OffByOne extends Wrong {
    OffByOne(ObjectStore next) {
      super(next);
    }

    @Override
    public void read(String key, long offset, ByteBuffer into) throws MoverException {
      next().read(key, Math.max(0, offset - 1), into);
    }
  }

  private static final class MissingIsDamage extends Wrong {
    MissingIsDamage(ObjectStore next) {
      super(next);
    }

    @Override
    public LoadedObject load(String key, int maxBytes) throws MoverException {
      try {
        return next().load(key, maxBytes);
      } catch (ObjectNotFound e) {
        throw new CorruptData(key, "something", "nothing", e);
      }
    }
  }

  private static final class ListsDirectoriesFirst extends Wrong {
    ListsDirectoriesFirst(ObjectStore next) {
      super(next);
    }

    @Override
    public ObjectListing list(String prefix, String startAfter) {
      return lazily(
          () ->
              all(prefix, startAfter).stream()
                  .sorted(Comparator.comparing((ObjectSummary o) -> o.key().replace('/', ' ')))
                  .toList());
    }
  }

  private static final class FirstPageOnly extends Wrong {
    FirstPageOnly(ObjectStore next) {
      super(next);
    }

    @Override
    public ObjectListing list(String prefix, String startAfter) {
      return lazily(() -> all(prefix, startAfter).stream().limit(1000).toList());
    }
  }

  private static final class IgnoresStartAfter extends Wrong {
    IgnoresStartAfter(ObjectStore next) {
      super(next);
    }

    @Override
    public ObjectListing list(String prefix, String startAfter) {
      return next().list(prefix, "");
    }
  }

  private static final class IncludesStartAfter extends Wrong {
    IncludesStartAfter(ObjectStore next) {
      super(next);
    }

    @Override
    public ObjectListing list(String prefix, String startAfter) {
      return lazily(
          () -> all(prefix, "").stream().filter(o -> o.key().compareTo(startAfter) >= 0).toList());
    }
  }

  private static final class DirectoryPrefix extends Wrong {
    DirectoryPrefix(ObjectStore next) {
      super(next);
    }

    @Override
    public ObjectListing list(String prefix, String startAfter) {
      return next()
          .list(prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/", startAfter);
    }
  }

  private static final class StaleListing extends Wrong {
    private List<ObjectSummary> stale = List.of();

    StaleListing(ObjectStore next) {
      super(next);
    }

    @Override
    public ObjectListing list(String prefix, String startAfter) {
      return lazily(
          () -> {
            List<ObjectSummary> old = stale;
            stale = all(prefix, startAfter);
            return old;
          });
    }
  }

  private static final class DeletesHalf extends Wrong {
    DeletesHalf(ObjectStore next) {
      super(next);
    }

    @Override
    public void deleteAll(Collection<String> keys) throws MoverException {
      next().deleteAll(keys.stream().limit(1000).toList());
    }
  }

  private static final class IgnoresIfAbsent extends Wrong {
    IgnoresIfAbsent(ObjectStore next) {
      super(next);
    }

    @Override
    public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
      return next().put(key, body);
    }
  }

  private static final class WritesAndRefuses extends Wrong {
    WritesAndRefuses(ObjectStore next) {
      super(next);
    }

    @Override
    public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
      boolean taken = next().find(key).isPresent();
      VersionTag version = next().put(key, body);
      if (taken) {
        throw new ObjectAlreadyExists(key, "");
      }
      return version;
    }
  }

  private static final class CheckThenPut extends Wrong {
    CheckThenPut(ObjectStore next) {
      super(next);
    }

    @Override
    public VersionTag putIfAbsent(String key, ByteBuffer body) throws MoverException {
      if (next().find(key).isPresent()) {
        throw new ObjectAlreadyExists(key, "");
      }
      LockSupport.parkNanos(200_000);
      return next().put(key, body);
    }
  }

  private static final class CheckThenSwap extends Wrong {
    CheckThenSwap(ObjectStore next) {
      super(next);
    }

    @Override
    public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
        throws MoverException {
      Optional<ObjectSummary> now = next().find(key);
      if (now.isEmpty() || !now.get().version().equals(expected)) {
        throw new ConditionFailed(key, "");
      }
      LockSupport.parkNanos(200_000);
      return next().put(key, body);
    }
  }

  private static final class IgnoresVersion extends Wrong {
    IgnoresVersion(ObjectStore next) {
      super(next);
    }

    @Override
    public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
        throws MoverException {
      return next().put(key, body);
    }
  }

  private static final class SwapsAndRefuses extends Wrong {
    SwapsAndRefuses(ObjectStore next) {
      super(next);
    }

    @Override
    public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
        throws MoverException {
      try {
        return next().replace(key, body, expected);
      } catch (ConditionFailed e) {
        next().put(key, body);
        throw e;
      }
    }
  }

  private static final class ReplaceMakes extends Wrong {
    ReplaceMakes(ObjectStore next) {
      super(next);
    }

    @Override
    public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
        throws MoverException {
      return next().find(key).isEmpty()
          ? next().put(key, body)
          : next().replace(key, body, expected);
    }
  }

  private static final class SizeTags extends Wrong {
    SizeTags(ObjectStore next) {
      super(next);
    }

    @Override
    public VersionTag put(String key, ByteBuffer body) throws MoverException {
      next().put(key, body);
      return tag(body.remaining());
    }

    @Override
    public VersionTag replace(String key, ByteBuffer body, VersionTag expected)
        throws MoverException {
      ObjectSummary now = next().find(key).orElseThrow(() -> new ConditionFailed(key, ""));
      if (!tag(now.sizeBytes()).equals(expected)) {
        throw new ConditionFailed(key, "");
      }
      next().replace(key, body, now.version());
      return tag(body.remaining());
    }

    private static VersionTag tag(long size) {
      return new VersionTag("size-" + size);
    }
  }

  private static final class TwoHalves extends Wrong {
    private final Semaphore loads = new Semaphore(0);

    TwoHalves(ObjectStore next) {
      super(next);
    }

    @Override
    public LoadedObject load(String key, int maxBytes) throws MoverException {
      LoadedObject loaded = next().load(key, maxBytes);
      loads.release();
      return loaded;
    }

    @Override
    public VersionTag put(String key, ByteBuffer body) throws MoverException {
      Optional<ObjectSummary> old = next().find(key);
      if (old.isPresent() && old.get().sizeBytes() == body.remaining()) {
        ByteBuffer mixed = ByteBuffer.wrap(next().load(key, body.remaining()).bytes());
        mixed.put(0, body, body.position(), body.remaining() / 2);
        next().put(key, mixed);
        loads.drainPermits();
        try { // until somebody has seen it, if anybody reads: two loads may have begun before
          loads.tryAcquire(3, 200, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return next().put(key, body);
    }
  }

  private static final class DeletesPrefix extends Wrong {
    DeletesPrefix(ObjectStore next) {
      super(next);
    }

    @Override
    public void delete(String key) throws MoverException {
      next().deleteAll(all(key, "").stream().map(ObjectSummary::key).toList());
    }
  }

  private static final class FoldsCase extends Wrong {
    FoldsCase(ObjectStore next) {
      super(next);
    }

    @Override
    public VersionTag put(String key, ByteBuffer body) throws MoverException {
      return next().put(key.replace("head", "HEAD"), body);
    }
  }

  private static final class AnyKey extends Wrong {
    AnyKey(ObjectStore next) {
      super(next);
    }

    @Override
    public Optional<ObjectSummary> find(String key) throws MoverException {
      try {
        return next().find(key);
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  private static final class SwallowsInterrupts extends Wrong {
    SwallowsInterrupts(ObjectStore next) {
      super(next);
    }

    @Override
    public VersionTag put(String key, ByteBuffer body) throws MoverException {
      Thread.interrupted();
      return next().put(key, body);
    }
  }
}
