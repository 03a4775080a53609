package io.blockmover.ceph.rbd.kubernetes;

import java.util.List;

/**
 * What a configuration says of a cluster id.
 *
 * @param monitors addresses, as ceph-csi hands them to librados
 * @param namespace the RADOS namespace; empty for the default one
 * @param origin the object it stands in, for messages
 */
record ClusterEntry(String clusterId, List<String> monitors, String namespace, String origin) {

  ClusterEntry {
    monitors = List.copyOf(monitors);
  }
}
