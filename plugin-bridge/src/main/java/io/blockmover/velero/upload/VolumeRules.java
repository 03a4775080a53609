package io.blockmover.velero.upload;

import io.blockmover.engine.rules.VolumeFacts;
import io.blockmover.kubernetes.exposure.KeptSnapshot;
import java.util.List;

/** What an administrator's rules say of a volume: which trackers are asked, and what is kept. */
@FunctionalInterface
public interface VolumeRules {

  /** Those of a cluster without rules: all trackers are asked in their usual order. */
  VolumeRules NONE =
      (facts, full) -> new Choice(List.of(), KeptSnapshot.WHERE_NEEDED, true, List.of());

  /**
   * What holds for one volume.
   *
   * @param arguments of {@code mover pod backup}
   * @param kept what becomes of the snapshot after the backup
   * @param asksCluster whether a tracker is among them that asks the API server
   * @param why a sentence for each rule that was looked at
   */
  record Choice(List<String> arguments, KeptSnapshot kept, boolean asksCluster, List<String> why) {

    public Choice {
      arguments = List.copyOf(arguments);
      why = List.copyOf(why);
    }
  }

  /**
   * Decides; does not block.
   *
   * @param full whether no tracker shall be believed, and all be read
   */
  Choice decide(VolumeFacts facts, boolean full);
}
