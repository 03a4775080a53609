package io.blockmover.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An object of any kind, as it stands; fields are read by their path. What is not there or empty is
 * absent.
 */
public record ClusterObject(GenericKubernetesResource object) {

  private @Nullable Object at(String... path) {
    return object.get((Object[]) path);
  }

  public Optional<String> text(String... path) {
    return at(path) instanceof String text && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }

  public OptionalLong number(String... path) {
    return at(path) instanceof Number number
        ? OptionalLong.of(number.longValue())
        : OptionalLong.empty();
  }

  public Optional<Boolean> flag(String... path) {
    return at(path) instanceof Boolean flag ? Optional.of(flag) : Optional.empty();
  }

  /** All texts that lie there, by name. */
  public Map<String, String> texts(String... path) {
    Map<String, String> texts = new TreeMap<>();
    if (at(path) instanceof Map<?, ?> fields) {
      fields.forEach(
          (name, value) -> {
            if (name instanceof String key && value instanceof String text) {
              texts.put(key, text);
            }
          });
    }
    return texts;
  }

  /** Whether there is something with fields of its own. */
  public boolean has(String... path) {
    return at(path) instanceof Map<?, ?>;
  }

  public Optional<Instant> time(String... path) {
    return text(path).flatMap(ClusterObject::instant);
  }

  static Optional<Instant> instant(@Nullable String text) {
    try {
      return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  public String name() {
    return object.getMetadata().getName();
  }

  /** Changes with each change of the object. */
  public String resourceVersion() {
    String version = object.getMetadata().getResourceVersion();
    return version == null ? "" : version;
  }

  public String uid() {
    String uid = object.getMetadata().getUid();
    return uid == null ? "" : uid;
  }

  public boolean deleting() {
    return object.getMetadata().getDeletionTimestamp() != null;
  }

  public Map<String, String> annotations() {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : Map.copyOf(annotations);
  }

  public Map<String, String> labels() {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels == null ? Map.of() : Map.copyOf(labels);
  }
}
