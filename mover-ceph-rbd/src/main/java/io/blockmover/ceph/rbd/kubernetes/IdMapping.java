package io.blockmover.ceph.rbd.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which cluster id and which pool of one site stand for those of another, after a disaster
 * recovery. It holds in both directions, as for ceph-csi.
 *
 * @param pools pairs of pool ids; a pool that is in none keeps its id
 */
record IdMapping(String one, String other, List<Map.Entry<Long, Long>> pools) {

  IdMapping {
    pools = List.copyOf(pools);
  }

  /** What a handle means on the other site. */
  record Meaning(String clusterId, long poolId) {}

  /** Empty if it says nothing of that cluster id. */
  Optional<Meaning> of(String clusterId, long poolId) {
    if (clusterId.equals(one)) {
      return Optional.of(new Meaning(other, pool(poolId, true)));
    }
    return clusterId.equals(other)
        ? Optional.of(new Meaning(one, pool(poolId, false)))
        : Optional.empty();
  }

  private long pool(long id, boolean forward) {
    for (Map.Entry<Long, Long> pair : pools) {
      if ((forward ? pair.getKey() : pair.getValue()) == id) {
        return forward ? pair.getValue() : pair.getKey();
      }
    }
    return id;
  }

  /** Of {@code cluster-mapping.json}. */
  static List<IdMapping> ofConfiguration(JsonNode document) {
    List<IdMapping> all = new ArrayList<>();
    for (JsonNode entry : document) {
      List<Map.Entry<Long, Long>> pools = new ArrayList<>();
      for (JsonNode pair : entry.path("RBDPoolIDMapping")) {
        pair.properties().forEach(pool -> add(pools, pool.getKey(), pool.getValue().asText()));
      }
      entry
          .path("clusterIDMapping")
          .properties()
          .forEach(ids -> all.add(new IdMapping(ids.getKey(), ids.getValue().asText(), pools)));
    }
    return all;
  }

  /** Of a ClientProfileMapping. */
  static List<IdMapping> ofObject(JsonNode object) {
    List<IdMapping> all = new ArrayList<>();
    for (JsonNode entry : object.path("spec").path("mappings")) {
      List<Map.Entry<Long, Long>> pools = new ArrayList<>();
      for (JsonNode pair : entry.path("blockPoolIdMapping")) {
        add(pools, pair.path(0).asText(), pair.path(1).asText());
      }
      all.add(
          new IdMapping(
              entry.path("localClientProfile").asText(),
              entry.path("remoteClientProfile").asText(),
              pools));
    }
    return all;
  }

  private static void add(List<Map.Entry<Long, Long>> to, String one, String other) {
    if (one.matches("\\d{1,18}") && other.matches("\\d{1,18}")) {
      to.add(Map.entry(Long.parseLong(one), Long.parseLong(other)));
    }
  }

  /** All that a handle can mean: itself first. */
  static Set<Meaning> meanings(List<IdMapping> mappings, String clusterId, long poolId) {
    Set<Meaning> all = new LinkedHashSet<>();
    all.add(new Meaning(clusterId, poolId));
    mappings.forEach(mapping -> mapping.of(clusterId, poolId).ifPresent(all::add));
    return all;
  }
}
