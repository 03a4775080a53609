package io.blockmover.ceph.rbd.csi;

import io.blockmover.ceph.rbd.CephCommand;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Does to images what ceph-csi does: the rig's csi-like.sh, journal included. */
final class CsiRig {

  private CsiRig() {}

  /** Runs one of its commands; what it says of the last object it printed. */
  static Map<String, String> run(String... command) {
    String rig = System.getenv("MOVER_TEST_CEPH_RIG");
    if (rig == null) {
      throw new AssertionError("MOVER_TEST_CEPH_RIG names the folder of csi-like.sh");
    }
    String[] all = new String[command.length + 1];
    all[0] = rig + "/csi-like.sh";
    System.arraycopy(command, 0, all, 1, command.length);
    String[] lines = CephCommand.run(all).strip().split("\n");
    Map<String, String> values = new HashMap<>();
    Arrays.stream(lines[lines.length - 1].split(" "))
        .map(pair -> pair.split("=", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> values.put(pair[0], pair[1]));
    return values;
  }
}
