package io.blockmover.velero.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.kubernetes.ObjectKind;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.check.ClusterFinding;
import io.blockmover.velero.location.LocationSettings;
import io.blockmover.velero.location.SamplePassword;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the repository's password is there and is one. */
final class PasswordCheck {

  private static final String NAME = "repository password";
  private static final Pattern SECRET = pattern("passwordSecret");
  private static final Pattern KEY = pattern("passwordKey");

  private PasswordCheck() {}

  private static Pattern pattern(String setting) {
    return Pattern.compile("(?m)^" + setting + ":\\s*[\"']?([^\"'\\s#]+)");
  }

  static List<ClusterFinding> run(Cluster cluster, String namespace) throws MoverException {
    String settings = settings(cluster, namespace);
    String secret = value(SECRET, settings).orElse("blockmover-repository");
    String key = value(KEY, settings).orElse(LocationSettings.DEFAULT_PASSWORD_KEY);
    Optional<ClusterObject> found =
        cluster.objects().find(ObjectKind.SECRET, new ObjectName(namespace, secret));
    String create =
        "kubectl create secret generic %s -n %s --from-literal=%s=\"$(openssl rand -base64 33)\""
            .formatted(secret, namespace, key);
    if (found.isEmpty()) {
      return List.of(
          ClusterFinding.broken(
              NAME,
              "there is no Secret " + secret + " in namespace " + namespace,
              "without its password a repository is neither made nor opened; keep a copy outside"
                  + " the cluster",
              create));
    }
    Optional<String> password =
        found.flatMap(each -> each.text("data", key)).flatMap(PasswordCheck::decoded);
    if (password.isEmpty()) {
      return List.of(
          ClusterFinding.broken(
              NAME,
              "Secret %s has no key %s, or nothing in it".formatted(secret, key),
              "the mover's pods do not start without",
              "kubectl delete secret %s -n %s && %s".formatted(secret, namespace, create)));
    }
    if (SamplePassword.isOne(password.get())) {
      return List.of(
          ClusterFinding.broken(
              NAME,
              "Secret " + secret + " holds the password of an example",
              "whoever finds the bucket tries it first; the mover's pods refuse it",
              "# with a repository: mover keys passwd first, else its backups are lost\n"
                  + "kubectl delete secret %s -n %s && %s".formatted(secret, namespace, create)));
    }
    return List.of(ClusterFinding.fine(NAME, "Secret " + secret + " holds one"));
  }

  private static Optional<String> decoded(String base64) {
    try {
      String text = new String(Base64.getDecoder().decode(base64), UTF_8).strip();
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> value(Pattern pattern, String settings) {
    Matcher matcher = pattern.matcher(settings);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** What the chart wrote, wherever it is; empty if it is nowhere. */
  private static String settings(Cluster cluster, String namespace) throws MoverException {
    for (ClusterObject map :
        cluster
            .objects()
            .list(
                ObjectKind.CONFIG_MAP, namespace, Map.of("app.kubernetes.io/name", "blockmover"))) {
      Optional<String> text = map.text("data", "config.yaml");
      if (text.isPresent()) {
        return text.get();
      }
    }
    return "";
  }
}
