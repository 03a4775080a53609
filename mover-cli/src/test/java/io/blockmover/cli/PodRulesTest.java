package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.engine.rules.RuleSet;
import io.blockmover.engine.rules.VolumeFacts;
import io.blockmover.kubernetes.exposure.KeptSnapshot;
import io.blockmover.velero.upload.VolumeRules;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PodRulesTest {

  private static final VolumeFacts VOLUME =
      new VolumeFacts("fast", "disk.example.com", "app", Map.of(), 10L << 30);

  private static VolumeRules.Choice decide(String rules, boolean full) throws Exception {
    RuleSet set =
        rules.isEmpty()
            ? RuleSet.EMPTY
            : RuleSet.parse(rules, "rules", Set.copyOf(TrackingOption.names()));
    return new PodRules(() -> set).decide(VOLUME, full);
  }

  @Test
  void withoutRulesAllTrackersAreAskedAndTheDriverDecidesAboutTheBase() throws Exception {
    VolumeRules.Choice choice = decide("", false);
    assertThat(choice.arguments().getFirst()).isEqualTo("--rule");
    assertThat(choice.arguments().getLast()).contains(TrackingOption.names());
    assertThat(choice.asksCluster()).isTrue();
    assertThat(choice.kept()).isEqualTo(KeptSnapshot.WHERE_NEEDED);
  }

  @Test
  void whoComparesNeedsNeitherBaseNorTheCluster() throws Exception {
    VolumeRules.Choice choice = decide("rules: [{name: slow, trackers: [full-scan]}]", false);
    assertThat(choice.asksCluster()).isFalse();
    assertThat(choice.kept()).isEqualTo(KeptSnapshot.NEVER);
  }

  @Test
  void aFullBackupReadsEverythingAndStillLeavesABase() throws Exception {
    VolumeRules.Choice choice = decide("", true);
    assertThat(choice.arguments().getLast()).contains("trackers: [full-scan, ");
    assertThat(choice.kept()).isEqualTo(KeptSnapshot.WHERE_NEEDED);
    assertThat(choice.why().getLast()).contains("full backup");
  }

  @Test
  void ofCephTheBaseStaysWhateverItsDriverOffers() throws Exception {
    VolumeFacts image =
        new VolumeFacts("rbd", "rook-ceph.rbd.csi.ceph.com", "app", Map.of(), 10L << 30);
    assertThat(new PodRules(() -> RuleSet.EMPTY).decide(image, false).kept())
        .isEqualTo(KeptSnapshot.ALWAYS);
  }
}
