package io.blockmover.velero.controller;

import io.blockmover.velero.settings.Concurrency;
import io.blockmover.velero.transfer.Transfer;
import io.blockmover.velero.transfer.TransferKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who may begin: as many as the limits allow, restores before backups, then the oldest first; a
 * small volume may overtake large ones, but each of those only so often. It lives in memory, and is
 * made anew from the objects when a controller begins. Thread-safe.
 */
public final class TransferQueue implements Admission {

  private static final Duration OFTEN = Duration.ofSeconds(30);
  private static final int NEAR = 10;

  private final Supplier<Concurrency> limits;
  private final IntSupplier readyNodes;
  private final InstantSource clock;
  private final Consumer<TransferKey> wake;
  private final Map<String, Entry> entries = new HashMap<>();

  private static final class Entry {
    final TransferKey key;
    final Instant created;
    final String uid;
    Volume volume = new Volume("", "", 0);
    boolean asked;
    boolean begun;
    int overtaken;
    int shownPosition;
    @Nullable Instant shownAt;
    String shown = "";

    Entry(Transfer transfer) {
      this.key = TransferKey.of(transfer);
      this.created = transfer.created();
      this.uid = transfer.uid();
    }
  }

  /**
   * @param readyNodes how many nodes pods can run on
   * @param wake told who has something to do: may begin, or has a new place to show
   */
  public TransferQueue(
      Supplier<Concurrency> limits,
      IntSupplier readyNodes,
      InstantSource clock,
      Consumer<TransferKey> wake) {
    this.limits = limits;
    this.readyNodes = readyNodes;
    this.clock = clock;
    this.wake = wake;
  }

  /** Takes over what is known of a transfer of ours. */
  public synchronized void observe(Transfer transfer) {
    if (transfer.phase().terminal()) {
      leave(transfer.uid());
      return;
    }
    Entry entry = entries.computeIfAbsent(transfer.uid(), uid -> new Entry(transfer));
    if (transfer.accepted().isPresent()) {
      entry.begun = true;
    }
  }

  /** Forgets all but these. */
  public synchronized void retain(Set<String> uids) {
    entries.keySet().removeIf(uid -> !uids.contains(uid));
    admit();
  }

  @Override
  public synchronized Optional<String> ask(Transfer transfer, Volume volume) {
    Entry entry = entries.computeIfAbsent(transfer.uid(), uid -> new Entry(transfer));
    entry.volume = volume;
    entry.asked = true;
    if (!entry.begun) {
      admit();
    }
    return entry.begun ? Optional.empty() : Optional.of(place(entry));
  }

  @Override
  public synchronized void leave(String uid) {
    if (entries.remove(uid) != null) {
      admit();
    }
  }

  /** Lets begin whom new limits allow, and wakes those whose place is to be shown anew. */
  public synchronized void refresh() {
    admit();
    for (Entry entry : waiting()) {
      if (entry.asked && due(entry, position(entry))) {
        wake.accept(entry.key);
      }
    }
  }

  public synchronized int atWork() {
    return Math.toIntExact(entries.values().stream().filter(entry -> entry.begun).count());
  }

  public synchronized int queued() {
    return entries.size() - atWork();
  }

  private void admit() {
    while (atWork() < limit()) {
      Optional<Entry> next = next();
      if (next.isEmpty()) {
        return;
      }
      next.get().begun = true;
      wake.accept(next.get().key);
    }
  }

  private int limit() {
    Concurrency now = limits.get();
    return Math.min(now.total(), Math.max(1, now.perNode() * readyNodes.getAsInt()));
  }

  private Optional<Entry> next() {
    List<Entry> able = waiting().stream().filter(e -> e.asked && obstacle(e).isEmpty()).toList();
    if (able.isEmpty()) {
      return Optional.empty();
    }
    Entry first = able.getFirst();
    if (!small(first) && first.overtaken < limits.get().overtakes()) {
      Optional<Entry> small =
          able.stream()
              .filter(e -> e.key.kind() == first.key.kind())
              .filter(this::small)
              .findFirst();
      if (small.isPresent()) {
        first.overtaken++;
        return small;
      }
    }
    return Optional.of(first);
  }

  private boolean small(Entry entry) {
    return entry.volume.bytes() > 0 && entry.volume.bytes() < limits.get().smallBytes();
  }

  private List<Entry> waiting() {
    List<Entry> all = new ArrayList<>(entries.values());
    all.removeIf(entry -> entry.begun);
    all.sort(
        Comparator.comparing((Entry entry) -> entry.key.kind() == TransferKind.UPLOAD)
            .thenComparing(entry -> entry.created)
            .thenComparing(entry -> entry.uid));
    return all;
  }

  /** Why it could not begin even if there were room in all. */
  private Optional<String> obstacle(Entry entry) {
    String volume = entry.volume.id();
    if (!volume.isEmpty() && begun().anyMatch(other -> other.volume.id().equals(volume))) {
      return Optional.of("another transfer of the same volume is at work");
    }
    String name = entry.volume.storageClass();
    Integer most = limits.get().perStorageClass().get(name);
    boolean full =
        most != null
            && begun().filter(other -> other.volume.storageClass().equals(name)).count() >= most;
    return full ? Optional.of("limit " + most + " for storage class " + name) : Optional.empty();
  }

  private Stream<Entry> begun() {
    return entries.values().stream().filter(entry -> entry.begun);
  }

  private int position(Entry entry) {
    return waiting().indexOf(entry) + 1;
  }

  private String place(Entry entry) {
    int position = position(entry);
    if (due(entry, position)) {
      entry.shown =
          "queued: %s of %d, %s"
              .formatted(
                  ordinal(position),
                  waiting().size(),
                  obstacle(entry).orElse("limit " + limit() + " in all"));
      entry.shownPosition = position;
      entry.shownAt = clock.instant();
    }
    return entry.shown;
  }

  /** Each place that is shown is a write: far from the front only now and then. */
  private boolean due(Entry entry, int position) {
    Instant shownAt = entry.shownAt;
    if (shownAt == null) {
      return true;
    }
    boolean moved = position != entry.shownPosition;
    boolean rested = Duration.between(shownAt, clock.instant()).compareTo(OFTEN) >= 0;
    return moved && rested && (position <= NEAR || position * 2 <= entry.shownPosition);
  }

  static String ordinal(int number) {
    int tens = number % 100;
    if (tens >= 11 && tens <= 13) {
      return number + "th";
    }
    return number
        + switch (number % 10) {
          case 1 -> "st";
          case 2 -> "nd";
          case 3 -> "rd";
          default -> "th";
        };
  }
}
