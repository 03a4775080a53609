package io.blockmover.kubernetes;

import io.blockmover.api.MoverException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Texts in ConfigMaps and Secrets. Thread-safe; each call asks the API server anew. */
public final class NamedData {

  private final KubernetesClient client;

  NamedData(KubernetesClient client) {
    this.client = client;
  }

  /** The texts of a ConfigMap by their keys; empty if there is none of that name. */
  public Optional<Map<String, String>> configMap(ObjectName name) throws MoverException {
    ConfigMap found =
        ApiCalls.call(
            "read ConfigMap " + name,
            () -> client.configMaps().inNamespace(name.namespace()).withName(name.name()).get());
    return Optional.ofNullable(found)
        .map(map -> map.getData() == null ? Map.of() : Map.copyOf(map.getData()));
  }

  /**
   * The entries of a Secret by their keys, as UTF-8; empty if there is none of that name. What is
   * no base64 is left out. Secret: not for messages or logs.
   */
  public Optional<Map<String, String>> secret(ObjectName name) throws MoverException {
    Secret found =
        ApiCalls.call(
            "read Secret " + name,
            () -> client.secrets().inNamespace(name.namespace()).withName(name.name()).get());
    return Optional.ofNullable(found).map(NamedData::decoded);
  }

  private static Map<String, String> decoded(Secret secret) {
    Map<String, String> texts = new HashMap<>();
    if (secret.getData() != null) {
      secret
          .getData()
          .forEach(
              (key, value) -> {
                try {
                  byte[] bytes = Base64.getMimeDecoder().decode(value);
                  texts.put(key, new String(bytes, StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                  texts.remove(key);
                }
              });
    }
    return Map.copyOf(texts);
  }
}
