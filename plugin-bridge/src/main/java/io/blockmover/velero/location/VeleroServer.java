package io.blockmover.velero.location;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Velero's server as it was installed, by {@code velero install}, Helm or an operator.
 *
 * @param name of its Deployment
 * @param arguments after {@code velero}
 * @param credentials where the file comes from that it uses for locations that name none; empty if
 *     it was installed without
 */
public record VeleroServer(
    String name, String image, List<String> arguments, Optional<SecretKey> credentials) {

  private static final ObjectKind DEPLOYMENT =
      new ObjectKind("apps", "v1", "Deployment", "deployments", true);
  private static final String CREDENTIALS = "AWS_SHARED_CREDENTIALS_FILE";

  public VeleroServer {
    arguments = List.copyOf(arguments);
  }

  /** An entry of a Secret in Velero's namespace. */
  public record SecretKey(String secret, String key) {}

  /** Looks for it; empty if no Deployment of the namespace runs one. */
  public static Optional<VeleroServer> find(Cluster cluster, String namespace)
      throws MoverException {
    for (ClusterObject deployment :
        cluster.objects().list(DEPLOYMENT, namespace, Map.<String, String>of())) {
      Map<?, ?> pod = map(deployment.object().get("spec", "template", "spec"));
      for (Object each : list(pod.get("containers"))) {
        Map<?, ?> container = map(each);
        List<String> words = words(container);
        if (words.contains("server") && isVelero(words.getFirst())) {
          return Optional.of(
              new VeleroServer(
                  deployment.name(),
                  String.valueOf(container.get("image")),
                  words.subList(1, words.size()),
                  credentials(pod, container)));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isVelero(String command) {
    return command.equals("velero") || command.endsWith("/velero");
  }

  private static List<String> words(Map<?, ?> container) {
    List<String> words = new ArrayList<>();
    list(container.get("command")).forEach(word -> words.add(String.valueOf(word)));
    list(container.get("args")).forEach(word -> words.add(String.valueOf(word)));
    return words;
  }

  /** Whether a flag of the server names a feature. */
  public boolean hasFeature(String feature) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      String value =
          argument.equals("--features") && i + 1 < arguments.size()
              ? arguments.get(i + 1)
              : argument.startsWith("--features=") ? argument.substring(11) : "";
      if (List.of(value.split(",", -1)).contains(feature)) {
        return true;
      }
    }
    return false;
  }

  /** The Secret behind the file that the server's variable names. */
  private static Optional<SecretKey> credentials(Map<?, ?> pod, Map<?, ?> container) {
    String file = "";
    for (Object each : list(container.get("env"))) {
      if (CREDENTIALS.equals(map(each).get("name"))) {
        file = String.valueOf(map(each).get("value"));
      }
    }
    Map<String, String> secrets = new HashMap<>();
    for (Object each : list(pod.get("volumes"))) {
      Object secret = map(map(each).get("secret")).get("secretName");
      if (secret != null) {
        secrets.put(String.valueOf(map(each).get("name")), secret.toString());
      }
    }
    for (Object each : list(container.get("volumeMounts"))) {
      String path = String.valueOf(map(each).get("mountPath")) + "/";
      String secret = secrets.get(String.valueOf(map(each).get("name")));
      if (secret != null && file.startsWith(path)) {
        return Optional.of(new SecretKey(secret, file.substring(path.length())));
      }
    }
    return Optional.empty();
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
