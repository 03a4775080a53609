package io.blockmover.kubernetes;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.MoverException;
import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GroupVersionForDiscovery;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks up SnapshotMetadataService objects, by the driver's name, in whichever version the cluster
 * has. Thread-safe; each call asks the API server anew, as certificates and audiences change.
 */
public final class SnapshotMetadataServices {

  /** Versions that are understood, the preferred first. */
  private static final List<String> VERSIONS = List.of("v1beta1", "v1alpha1");

  private static final int PAGE = 500;

  private final KubernetesClient client;

  SnapshotMetadataServices(KubernetesClient client) {
    this.client = client;
  }

  /** The versions of the API that the cluster serves and we understand, the preferred first. */
  public List<String> servedVersions() throws MoverException {
    APIGroup group =
        ApiCalls.call(
            "ask for API group " + Kinds.CBT_GROUP, () -> client.getApiGroup(Kinds.CBT_GROUP));
    if (group == null) {
      return List.of();
    }
    Set<String> served =
        group.getVersions().stream()
            .map(GroupVersionForDiscovery::getVersion)
            .collect(Collectors.toSet());
    return VERSIONS.stream().filter(served::contains).toList();
  }

  /**
   * The service of a driver; empty if the driver offers none, or the cluster has no such API.
   *
   * @throws ClusterObjectUnusable if there is one that cannot be used as it stands
   */
  public Optional<SnapshotMetadataService> find(String driver) throws MoverException {
    for (String version : servedVersions()) {
      GenericKubernetesResource found =
          ApiCalls.call(
              "read SnapshotMetadataService " + driver,
              () ->
                  client
                      .genericKubernetesResources(Kinds.metadataService(version))
                      .withName(driver)
                      .get());
      if (found != null) {
        return Optional.of(service(found, version));
      }
    }
    return Optional.empty();
  }

  /**
   * Whether a driver needs a snapshot to be there to tell what changed since; one without a service
   * needs none.
   *
   * @throws ClusterObjectUnusable as {@link #find}
   */
  public boolean keepsBase(String driver) throws MoverException {
    return find(driver).map(SnapshotMetadataService::keepsBase).orElse(false);
  }

  /** Names of the drivers that have a service, usable or not. */
  public List<String> drivers() throws MoverException {
    List<String> names = new ArrayList<>();
    for (String version : servedVersions()) {
      ApiCalls.call(
              "list the SnapshotMetadataServices",
              () ->
                  Pages.all(
                      client.genericKubernetesResources(Kinds.metadataService(version))::list,
                      PAGE))
          .forEach(object -> names.add(object.getMetadata().getName()));
    }
    return names.stream().distinct().sorted().toList();
  }

  private static SnapshotMetadataService service(GenericKubernetesResource object, String version)
      throws ClusterObjectUnusable {
    ClusterObject fields = new ClusterObject(object);
    String name = fields.name();
    String resourceVersion = object.getMetadata().getResourceVersion();
    return new SnapshotMetadataService(
        name,
        version,
        required(fields, name, "address"),
        required(fields, name, "audience"),
        certificates(name, required(fields, name, "caCert")),
        fields.flag("spec", "requireBaseSnapshotForDelta").orElse(true),
        resourceVersion == null ? "" : resourceVersion);
  }

  private static String required(ClusterObject fields, String name, String field)
      throws ClusterObjectUnusable {
    return fields
        .text("spec", field)
        .orElseThrow(
            () ->
                ClusterObjectUnusable.refused(
                    "SnapshotMetadataService " + name + " has no spec." + field,
                    "whoever installed the driver has to set it: kubectl edit"
                        + " snapshotmetadataservices "
                        + name));
  }

  private static String certificates(String name, String base64) throws ClusterObjectUnusable {
    try {
      return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.US_ASCII);
    } catch (IllegalArgumentException e) {
      throw ClusterObjectUnusable.refused(
          "spec.caCert of SnapshotMetadataService " + name + " is not base64: " + e.getMessage(),
          "set it to the base64 of the authority's PEM file");
    }
  }
}
