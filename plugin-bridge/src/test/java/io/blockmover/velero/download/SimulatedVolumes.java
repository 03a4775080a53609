package io.blockmover.velero.download;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a cluster does with claims, volumes and pods, one round at a time: provisioner, binding,
 * protection of claims that are used, kubelet.
 */
final class SimulatedVolumes {

  static final String PROVISIONER = "disk.example.com";
  private static final String PROTECTION = "kubernetes.io/pvc-protection";
  private static final String KUBELET = "test/kubelet";

  private final FakeApiServer server;
  private final boolean attaches;

  /** The storage's volumes. */
  final Set<String> handles = new TreeSet<>();

  /** The storage's volumes that were written to the end. */
  final Set<String> filled = new TreeSet<>();

  final List<List<String>> arguments = new ArrayList<>();

  /** What a pod's container comes to; nothing while it runs. */
  Optional<String> end = Optional.of(success());

  boolean provisions = true;
  boolean pullsImage = true;
  boolean podsGo = true;
  boolean binds = true;
  String policyOfClass = "Delete";

  /** What volumes have; empty for what was asked for. */
  String sizeOfVolumes = "";

  SimulatedVolumes(FakeApiServer server, boolean attaches) {
    this.server = server;
    this.attaches = attaches;
    server.put(
        """
        {"apiVersion": "storage.k8s.io/v1", "kind": "CSIDriver",
         "metadata": {"name": "disk.example.com"}, "spec": {"attachRequired": %s}}
        """
            .formatted(attaches));
    server.controller(
        "Pod",
        pod -> {
          pod.withObject("/metadata").putArray("finalizers").add(KUBELET);
          List<String> told = new ArrayList<>();
          pod.at("/spec/containers/0/args").forEach(argument -> told.add(argument.asText()));
          arguments.add(told);
        });
    server.controller(
        "PersistentVolumeClaim",
        claim -> claim.withObject("/metadata").putArray("finalizers").add(PROTECTION));
  }

  static String success() {
    return "0 {\"type\":\"restore\",\"backup\":\"x\",\"volumeBytes\":1048576}";
  }

  static String failure() {
    return "1 {\"type\":\"error\",\"kind\":\"corrupt\",\"message\":\"pack 12 is damaged\","
        + "\"advice\":\"mover verify\"}";
  }

  /** One round of all controllers. */
  void round() {
    each("PersistentVolumeClaim", this::provision);
    each("Pod", this::run);
    each("PersistentVolumeClaim", this::letGo);
    each("PersistentVolume", this::bind);
    each("VolumeAttachment", this::detach);
  }

  private interface Act {
    void on(String namespace, String name, ObjectNode object);
  }

  private void each(String kind, Act act) {
    for (String name : server.names(kind)) {
      int slash = name.indexOf('/');
      String namespace = slash < 0 ? "" : name.substring(0, slash);
      String local = name.substring(slash + 1);
      server.find(kind, namespace, local).ifPresent(object -> act.on(namespace, local, object));
    }
  }

  private void provision(String namespace, String name, ObjectNode claim) {
    boolean wanted =
        provisions
            && !claim.at("/metadata/deletionTimestamp").isTextual()
            && claim.at("/spec/volumeName").isMissingNode()
            && claim.at("/spec/selector").isMissingNode();
    if (!wanted) {
      return;
    }
    String uid = claim.at("/metadata/uid").asText();
    String volume = "pvc-" + uid;
    handles.add("vol-" + uid);
    server.put(
        """
        {"apiVersion": "v1", "kind": "PersistentVolume",
         "metadata": {"name": "%1$s", "labels": {"zone": "a"},
           "annotations": {"pv.kubernetes.io/provisioned-by": "disk.example.com",
             "volume.kubernetes.io/provisioner-deletion-secret-name": "s",
             "volume.kubernetes.io/provisioner-deletion-secret-namespace": "storage",
             "pv.kubernetes.io/bound-by-controller": "yes"},
           "finalizers": ["external-provisioner.volume.kubernetes.io/finalizer"]},
         "spec": {"capacity": {"storage": "%2$s"}, "accessModes": ["ReadWriteOnce"],
           "storageClassName": "%3$s", "volumeMode": "%4$s",
           "persistentVolumeReclaimPolicy": "%5$s", "mountOptions": ["noatime"],
           "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": []}]}},
           "claimRef": {"apiVersion": "v1", "kind": "PersistentVolumeClaim",
             "namespace": "%6$s", "name": "%7$s", "uid": "%8$s", "resourceVersion": "7"},
           "csi": {"driver": "disk.example.com", "volumeHandle": "vol-%8$s",
             "volumeAttributes": {"pool": "p",
               "storage.kubernetes.io/csiProvisionerIdentity": "1-disk.example.com"}}},
         "status": {"phase": "Bound"}}
        """
            .formatted(
                volume,
                sizeOfVolumes.isEmpty()
                    ? claim.at("/spec/resources/requests/storage").asText()
                    : sizeOfVolumes,
                claim.at("/spec/storageClassName").asText(),
                claim.at("/spec/volumeMode").asText("Filesystem"),
                policyOfClass,
                namespace,
                name,
                uid));
    server.change(
        "PersistentVolumeClaim",
        namespace,
        name,
        object -> {
          object.withObject("/spec").put("volumeName", volume);
          object.withObject("/status").put("phase", "Bound");
        });
  }

  private void run(String namespace, String name, ObjectNode pod) {
    if (pod.at("/metadata/deletionTimestamp").isTextual()) {
      if (podsGo) {
        server.change("Pod", namespace, name, o -> o.withObject("/metadata").remove("finalizers"));
      }
      return;
    }
    String claim = pod.at("/spec/volumes/1/persistentVolumeClaim/claimName").asText();
    Optional<ObjectNode> bound =
        server
            .find("PersistentVolumeClaim", namespace, claim)
            .filter(c -> c.at("/status/phase").asText().equals("Bound"));
    String phase = pod.at("/status/phase").asText("Pending");
    if (phase.equals("Pending") && bound.isPresent()) {
      start(namespace, name, bound.get().at("/spec/volumeName").asText());
    } else if (phase.equals("Running") && end.isPresent()) {
      finish(namespace, name, bound, end.get());
    }
  }

  private void start(String namespace, String name, String volume) {
    server.change(
        "Pod",
        namespace,
        name,
        pod -> {
          pod.withObject("/spec").put("nodeName", "node-1");
          ObjectNode status = pod.withObject("/status");
          if (pullsImage) {
            status.put("phase", "Running");
          } else {
            status
                .putArray("containerStatuses")
                .addObject()
                .putObject("state")
                .putObject("waiting")
                .put("reason", "ErrImageNeverPull")
                .put("message", "no such image");
          }
        });
    if (attaches) {
      server.put(
          """
          {"apiVersion": "storage.k8s.io/v1", "kind": "VolumeAttachment",
           "metadata": {"name": "csi-%1$s"},
           "spec": {"nodeName": "node-1", "source": {"persistentVolumeName": "%1$s"}}}
          """
              .formatted(volume));
    }
  }

  private void finish(String namespace, String name, Optional<ObjectNode> claim, String how) {
    int code = Integer.parseInt(how.substring(0, how.indexOf(' ')));
    String said = how.substring(how.indexOf(' ') + 1);
    if (code == 0) {
      claim.ifPresent(c -> filled.add("vol-" + c.at("/metadata/uid").asText()));
    }
    server.change(
        "Pod",
        namespace,
        name,
        pod -> {
          ObjectNode status = pod.withObject("/status");
          status.put("phase", code == 0 ? "Succeeded" : "Failed");
          status
              .putArray("containerStatuses")
              .addObject()
              .putObject("state")
              .putObject("terminated")
              .put("exitCode", code)
              .put("message", said);
        });
  }

  private void letGo(String namespace, String name, ObjectNode claim) {
    boolean used =
        server.names("Pod").stream()
            .map(pod -> server.find("Pod", namespace, pod.substring(pod.indexOf('/') + 1)))
            .flatMap(Optional::stream)
            .anyMatch(pod -> pod.at("/spec/volumes").findValuesAsText("claimName").contains(name));
    if (claim.at("/metadata/deletionTimestamp").isTextual() && !used) {
      server.change(
          "PersistentVolumeClaim",
          namespace,
          name,
          object -> object.withObject("/metadata").remove("finalizers"));
    }
  }

  /** As the binding controller and the provisioner treat volumes. */
  private void bind(String none, String name, ObjectNode volume) {
    boolean deletes = volume.at("/spec/persistentVolumeReclaimPolicy").asText().equals("Delete");
    String handle = volume.at("/spec/csi/volumeHandle").asText();
    boolean provisioned =
        volume.at("/metadata/annotations").path("pv.kubernetes.io/provisioned-by").isTextual();
    if (volume.at("/metadata/deletionTimestamp").isTextual()) {
      if (deletes && provisioned) {
        handles.remove(handle);
      }
      server.change(
          "PersistentVolume", "", name, o -> o.withObject("/metadata").remove("finalizers"));
      return;
    }
    Optional<ObjectNode> claim =
        server
            .find(
                "PersistentVolumeClaim",
                volume.at("/spec/claimRef/namespace").asText(),
                volume.at("/spec/claimRef/name").asText())
            .filter(c -> c.at("/metadata/uid").equals(volume.at("/spec/claimRef/uid")));
    if (claim.isEmpty()) {
      phase(name, "Released");
      if (deletes && provisioned) {
        handles.remove(handle);
        server.change(
            "PersistentVolume", "", name, o -> o.withObject("/metadata").remove("finalizers"));
        server.delete("PersistentVolume", "", name);
      }
    } else if (binds && fits(claim.get(), volume)) {
      phase(name, "Bound");
      server.change(
          "PersistentVolumeClaim",
          claim.get().at("/metadata/namespace").asText(),
          claim.get().at("/metadata/name").asText(),
          object -> {
            object.withObject("/spec").put("volumeName", name);
            object.withObject("/status").put("phase", "Bound");
          });
    }
  }

  private static boolean fits(ObjectNode claim, ObjectNode volume) {
    String has = claim.at("/spec/volumeName").asText("");
    return (has.isEmpty() || has.equals(volume.at("/metadata/name").asText()))
        && claim
            .at("/spec/volumeMode")
            .asText("Filesystem")
            .equals(volume.at("/spec/volumeMode").asText("Filesystem"))
        && claim.at("/spec/storageClassName").equals(volume.at("/spec/storageClassName"));
  }

  private void phase(String volume, String phase) {
    server.change("PersistentVolume", "", volume, o -> o.withObject("/status").put("phase", phase));
  }

  private void detach(String none, String name, ObjectNode attachment) {
    String volume = attachment.at("/spec/source/persistentVolumeName").asText();
    if (server.names("Pod").isEmpty() && !volume.isEmpty()) {
      server.delete("VolumeAttachment", "", name);
    }
  }

  /** Every storage volume that still is there has an object that leads to it. */
  Set<String> lost() {
    Set<String> lost = new TreeSet<>(handles);
    for (String name : server.names("PersistentVolume")) {
      lost.remove(
          server
              .find("PersistentVolume", "", name)
              .orElseThrow()
              .at("/spec/csi/volumeHandle")
              .asText());
    }
    return lost;
  }

  /** Names in a list of an object. */
  static List<String> texts(ObjectNode object, String path) {
    List<String> all = new ArrayList<>();
    if (object.at(path) instanceof ArrayNode array) {
      array.forEach(value -> all.add(value.asText()));
    }
    return all;
  }
}
