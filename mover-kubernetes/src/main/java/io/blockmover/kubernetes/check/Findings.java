package io.blockmover.kubernetes.check;

import io.blockmover.api.MoverException;
import java.util.ArrayList;
import java.util.List;

/** What a checkup has found, in its order. What cannot be asked is a finding. Not thread-safe. */
public final class Findings {

  private final List<ClusterFinding> all = new ArrayList<>();

  /** Looks at one thing. */
  @FunctionalInterface
  public interface Check {

    /**
     * What is found; empty if there is nothing to look at.
     *
     * @throws MoverException if it cannot be asked
     */
    List<ClusterFinding> run() throws MoverException;
  }

  public void add(ClusterFinding finding) {
    all.add(finding);
  }

  /** Runs a check, and goes on whatever comes of it. */
  public void check(String name, Check check) {
    try {
      all.addAll(check.run());
    } catch (MoverException e) {
      failed(name, e);
    }
  }

  /** Something could not be asked. */
  public void failed(String name, MoverException e) {
    all.add(
        ClusterFinding.broken(
            name, String.valueOf(e.getMessage()), "nothing can be said about it", e.advice()));
  }

  public List<ClusterFinding> list() {
    return List.copyOf(all);
  }
}
