package io.blockmover.repository.gc;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.VersionTag;
import io.blockmover.repository.pack.PackKind;
import io.blockmover.repository.pack.PackName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store whose data packs are counted and not kept: millions of them, in next to no memory. */
final class GeneratedPacks extends ForwardingObjectStore {

  static final long PACK_BYTES = 32L << 20;
  private static final int PAGE_KEYS = 1000;

  /** The packs of one run of one session. */
  private record Run(long high, long low, long run) {
    PackName pack(int counter) {
      return new PackName(high, low, run, counter);
    }
  }

  private final Map<Run, BitSet> packs = new HashMap<>();
  private final Instant written = Instant.now();
  private long requests;
  private long deleted;

  GeneratedPacks(ObjectStore next) {
    super(next);
  }

  void add(PackName pack) {
    Run run = new Run(pack.sessionHigh(), pack.sessionLow(), pack.run());
    packs.computeIfAbsent(run, r -> new BitSet()).set(pack.counter());
  }

  long count() {
    return packs.values().stream().mapToLong(BitSet::cardinality).sum();
  }

  boolean has(PackName pack) {
    BitSet there = packs.get(new Run(pack.sessionHigh(), pack.sessionLow(), pack.run()));
    return there != null && there.get(pack.counter());
  }

  /** Requests for data packs: pages of listings, batches of deletions. */
  long requests() {
    return requests;
  }

  long deleted() {
    return deleted;
  }

  @Override
  public ObjectListing list(String prefix, String startAfter) {
    if (!prefix.equals("d/") || !startAfter.isEmpty()) {
      return super.list(prefix, startAfter);
    }
    List<Run> runs = new ArrayList<>(packs.keySet());
    runs.sort(Comparator.comparing(run -> run.pack(0)));
    return new ObjectListing() {
      private int folder;
      private int run;
      private int counter = -1;
      private long listed;

      @Override
      public Optional<ObjectSummary> next() {
        while (folder < 256) {
          while (run < runs.size()) {
            Run current = runs.get(run);
            int first = (folder - (int) (current.run() >>> 56)) & 0xff;
            counter = counter < 0 ? first : counter + 256;
            BitSet there = packs.get(current);
            while (counter < there.length() && !there.get(counter)) {
              counter += 256;
            }
            if (counter < there.length()) {
              requests += listed++ % PAGE_KEYS == 0 ? 1 : 0;
              String key = PackKind.DATA.keyOf(current.pack(counter));
              return Optional.of(new ObjectSummary(key, PACK_BYTES, new VersionTag("v"), written));
            }
            run++;
            counter = -1;
          }
          run = 0;
          folder++;
        }
        return Optional.empty();
      }
    };
  }

  @Override
  public void deleteAll(Collection<String> keys) throws MoverException {
    List<String> others = new ArrayList<>();
    for (String key : keys) {
      if (key.startsWith("d/")) {
        PackName pack = PackName.parse(key.substring(5));
        Run run = new Run(pack.sessionHigh(), pack.sessionLow(), pack.run());
        packs.get(run).clear(pack.counter());
        deleted++;
      } else {
        others.add(key);
      }
    }
    requests += others.size() < keys.size() ? 1 : 0;
    if (!others.isEmpty()) {
      super.deleteAll(others);
    }
  }
}
