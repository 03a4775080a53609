package io.blockmover.testkit.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What goes wrong with the next requests. Callers hold the server's lock. */
final class FakeFaults {

  /** What a fault says where the test says nothing. */
  static final String MESSAGE = "a fault of the test";

  private final List<Fault> faults = new ArrayList<>();

  private static final class Fault {
    final Predicate<String> hits;
    final Struck struck;
    int left;

    Fault(Predicate<String> hits, Struck struck, int times) {
      this.hits = hits;
      this.struck = struck;
      this.left = times;
    }
  }

  /**
   * What became of a request.
   *
   * @param late whether it was done all the same: only the answer is lost
   */
  record Struck(Answer answer, boolean late) {}

  void add(Predicate<String> request, int status, String message, int times, boolean late) {
    Answer answer = Answer.failure(status, "Fault", message);
    faults.add(new Fault(request, new Struck(answer, late), times));
  }

  void clear() {
    faults.clear();
  }

  /** The first that meets a request, which wears it out by one; empty if none does. */
  Optional<Struck> strike(String request) {
    Optional<Fault> fault =
        faults.stream().filter(f -> f.left > 0 && f.hits.test(request)).findFirst();
    fault.ifPresent(f -> f.left--);
    return fault.map(f -> f.struck);
  }
}
