package io.blockmover.ceph.rbd.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.blockmover.api.AccessDenied;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.CustomKind;
import io.blockmover.kubernetes.ObjectName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what is configured for ceph-csi in some namespaces, and remembers where it looked. Of one
 * namespace: the ConfigMap of ceph-csi and its operator, that of Rook, the objects of the operator,
 * and last the monitors of Rook's own cluster.
 */
final class ConfigurationSearch {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> VERSIONS = List.of("v1", "v1alpha1");
  private static final CustomKind PROFILE =
      new CustomKind("csi.ceph.io", VERSIONS, "ClientProfile", "clientprofiles");
  private static final CustomKind CONNECTION =
      new CustomKind("csi.ceph.io", VERSIONS, "CephConnection", "cephconnections");
  private static final CustomKind MAPPING =
      new CustomKind("csi.ceph.io", VERSIONS, "ClientProfileMapping", "clientprofilemappings");

  private final Cluster cluster;
  private final List<ClusterEntry> entries = new ArrayList<>();
  private final List<IdMapping> mappings = new ArrayList<>();
  private final List<String> looked = new ArrayList<>();

  ConfigurationSearch(Cluster cluster) {
    this.cluster = cluster;
  }

  /** What was found, the first to be believed. */
  Optional<ClusterEntry> entry(String clusterId) {
    return entries.stream().filter(it -> it.clusterId().equals(clusterId)).findFirst();
  }

  List<IdMapping> mappings() {
    return mappings;
  }

  /** Where it looked and what became of it, for a message. */
  String looked() {
    return String.join("; ", looked);
  }

  /**
   * Reads a namespace.
   *
   * @throws MoverException if the API server does not answer; what may not be read is left out
   */
  void read(String namespace, String clusterId) throws MoverException {
    map(namespace, "ceph-csi-config", "config.json");
    map(namespace, "rook-ceph-csi-config", "csi-cluster-config-json");
    attempt("ClientProfile " + namespace + "/" + clusterId, () -> profiles(namespace));
    if (namespace.equals(clusterId) && entry(clusterId).isEmpty()) {
      monitors(namespace);
    }
  }

  private void map(String namespace, String name, String key) throws MoverException {
    ObjectName object = new ObjectName(namespace, name);
    String what = "ConfigMap " + object;
    attempt(
        what,
        () -> {
          Optional<Map<String, String>> found = cluster.data().configMap(object);
          if (found.isEmpty()) {
            return false;
          }
          for (JsonNode each : json(what, key, found.get().getOrDefault(key, "[]"))) {
            entries.add(entry(each, what));
          }
          String ids = found.get().getOrDefault("cluster-mapping.json", "[]");
          mappings.addAll(IdMapping.ofConfiguration(json(what, "cluster-mapping.json", ids)));
          return true;
        });
  }

  private static ClusterEntry entry(JsonNode of, String origin) {
    List<String> monitors = new ArrayList<>();
    of.path("monitors").forEach(monitor -> monitors.add(monitor.asText()));
    JsonNode namespace = of.path("rbd").path("radosNamespace");
    return new ClusterEntry(
        of.path("clusterID").asText(),
        monitors,
        // Before ceph-csi 3.5 it stood one level higher.
        namespace.isMissingNode() ? of.path("radosNamespace").asText() : namespace.asText(),
        origin);
  }

  private boolean profiles(String namespace) throws MoverException {
    List<ClusterObject> profiles = cluster.custom().list(PROFILE, namespace);
    for (ClusterObject profile : profiles) {
      String connection = profile.text("spec", "cephConnectionRef", "name").orElse("");
      Optional<ClusterObject> found =
          ObjectName.parse(namespace + "/" + connection).isEmpty()
              ? Optional.empty()
              : cluster.custom().find(CONNECTION, new ObjectName(namespace, connection));
      if (found.isPresent()) {
        entries.add(
            new ClusterEntry(
                profile.name(),
                found.get().list("spec", "monitors"),
                profile.text("spec", "rbd", "radosNamespace").orElse(""),
                "CephConnection " + namespace + "/" + connection));
      }
    }
    for (ClusterObject mapping : cluster.custom().list(MAPPING, namespace)) {
      mappings.addAll(IdMapping.ofObject(tree(mapping)));
    }
    return !profiles.isEmpty();
  }

  private void monitors(String namespace) throws MoverException {
    ObjectName object = new ObjectName(namespace, "rook-ceph-mon-endpoints");
    attempt(
        "ConfigMap " + object,
        () -> {
          Optional<Map<String, String>> found = cluster.data().configMap(object);
          String data = found.map(it -> it.getOrDefault("data", "")).orElse("");
          List<String> monitors =
              Arrays.stream(data.split(",", -1))
                  .map(each -> each.substring(each.indexOf('=') + 1).strip())
                  .filter(each -> !each.isEmpty())
                  .toList();
          if (!monitors.isEmpty()) {
            entries.add(new ClusterEntry(namespace, monitors, "", "ConfigMap " + object));
          }
          return found.isPresent();
        });
  }

  private interface Step {
    /** Whether there was anything. */
    boolean run() throws MoverException;
  }

  private void attempt(String what, Step step) throws MoverException {
    try {
      looked.add(what + (step.run() ? " does not name it" : " is not there"));
    } catch (AccessDenied e) {
      looked.add(what + " may not be read");
    } catch (BadConfiguration e) {
      looked.add(String.valueOf(e.getMessage()));
    }
  }

  /** Written by a person or an operator, and no JSON. */
  private static final class BadConfiguration extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadConfiguration(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private static JsonNode tree(ClusterObject object) {
    return json(object.name(), "its fields", object.json());
  }

  private static JsonNode json(String what, String key, String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new BadConfiguration(
          what + " holds something under " + key + " that is no JSON: " + e.getOriginalMessage(),
          e);
    }
  }
}
