package io.blockmover.kubernetes.check;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What mover does at the API server.
 *
 * @param resource the plural, with {@code /subresource} where there is one
 * @param needed whether no backup of a snapshot works without
 * @param why what it is for; continues "needed to"
 */
public record AccessRule(
    List<String> verbs, String group, String resource, boolean needed, String why) {

  private static final String SNAPSHOT = "snapshot.storage.k8s.io";
  private static final String RUN = "run backup --pvc and restore --pvc";

  /** All there is. */
  public static final List<AccessRule> ALL =
      List.of(
          needed(SNAPSHOT, "volumesnapshots", "find snapshots", "get", "list"),
          needed(SNAPSHOT, "volumesnapshotcontents", "learn their handles", "get"),
          needed("", "persistentvolumeclaims", "name the volume of a snapshot", "get", "list"),
          needed("", "persistentvolumes", "tell volumes apart", "get"),
          useful("cbt.storage.k8s.io", "snapshotmetadataservices", "find changes", "get", "list"),
          useful("", "serviceaccounts/token", "ask the driver for changes", "create"),
          useful("storage.k8s.io", "storageclasses", "look at the cluster", "list"),
          useful("storage.k8s.io", "csidrivers", "look at the cluster", "list"),
          useful(SNAPSHOT, "volumesnapshotclasses", "look at the cluster", "list"),
          useful(SNAPSHOT, "volumesnapshots", RUN, "create", "patch", "delete"),
          useful(SNAPSHOT, "volumesnapshotcontents", RUN, "patch"),
          useful("", "persistentvolumeclaims", RUN, "create", "delete"),
          useful("", "pods", RUN, "get", "list", "create", "delete"),
          useful("", "pods/log", RUN, "get"),
          useful(
              "coordination.k8s.io", "leases", RUN, "get", "list", "create", "update", "delete"));

  private static AccessRule needed(String group, String resource, String why, String... verbs) {
    return new AccessRule(List.of(verbs), group, resource, true, why);
  }

  private static AccessRule useful(String group, String resource, String why, String... verbs) {
    return new AccessRule(List.of(verbs), group, resource, false, why);
  }

  public AccessRule only(List<String> some) {
    return new AccessRule(some, group, resource, needed, why);
  }

  private String yaml() {
    return String.format(
        Locale.ROOT,
        "  - {apiGroups: [\"%s\"], resources: [%s], verbs: [%s]}",
        group,
        resource,
        String.join(", ", verbs));
  }

  /** A ClusterRole with the rules, and its binding to who needs them. */
  public static String manifest(String name, List<AccessRule> rules, String user) {
    return """
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: {name: %1$s}
    rules:
    %2$s
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata: {name: %1$s}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %1$s}
    subjects: [%3$s]
    """
        .formatted(
            name,
            rules.stream().map(AccessRule::yaml).collect(Collectors.joining("\n")),
            subject(user));
  }

  private static String subject(String user) {
    String[] parts = user.split(":", -1);
    return parts.length == 4 && user.startsWith("system:serviceaccount:")
        ? "{kind: ServiceAccount, namespace: %s, name: %s}".formatted(parts[2], parts[3])
        : "{kind: User, apiGroup: rbac.authorization.k8s.io, name: \"%s\"}".formatted(user);
  }

  /** All that mover needs, for one service account, to be applied by an administrator. */
  public static String manifest(String namespace, String account) {
    return manifest("blockmover", ALL, "system:serviceaccount:" + namespace + ":" + account);
  }
}
