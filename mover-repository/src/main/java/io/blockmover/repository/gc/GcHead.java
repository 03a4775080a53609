package io.blockmover.repository.gc;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where garbage collection stands. Its members are those of the JSON.
 *
 * @param finalEpoch newest finished epoch
 * @param plan key of the packs that epoch {@code finalEpoch + 1} may condemn
 * @param lists what the finished epochs condemned, of those above {@code floor}
 * @param floor lists up to this epoch have been dropped
 */
public record GcHead(
    long seq,
    String nonce,
    @JsonProperty("final") long finalEpoch,
    @Nullable String plan,
    List<DoomList> lists,
    long floor) {

  /** The key of the object. */
  public static final String KEY = "gc/HEAD";

  /** No collection has ever run. */
  public static final GcHead NONE = new GcHead(0, "", 0, null, List.of(), 0);

  @SuppressWarnings("NullAway") // JSON may lack it
  public GcHead {
    lists = lists == null ? List.of() : List.copyOf(lists);
  }

  GcHead next(long newSeq, String newNonce) {
    return new GcHead(newSeq, newNonce, finalEpoch, plan, lists, floor);
  }

  /** G4: with a plan for the next epoch. */
  GcHead withPlan(String key) {
    return new GcHead(seq, nonce, finalEpoch, key, lists, floor);
  }

  /** G6: with the planned epoch finished. */
  GcHead withDoom(String key) {
    List<DoomList> all = new ArrayList<>(lists);
    all.add(new DoomList(finalEpoch + 1, key));
    return new GcHead(seq, nonce, finalEpoch + 1, null, all, floor);
  }

  /** G8: without the lists up to an epoch. */
  GcHead withFloor(long newFloor) {
    List<DoomList> kept = lists.stream().filter(list -> list.epoch() > newFloor).toList();
    return new GcHead(seq, nonce, finalEpoch, plan, kept, newFloor);
  }

  /** What one epoch condemned. */
  public record DoomList(long epoch, String key) {}
}
