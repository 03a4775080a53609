package io.blockmover.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
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

  /** The texts of a list; empty if there is none. */
  public List<String> list(String... path) {
    return at(path) instanceof List<?> values
        ? values.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }

  /** A copy of all fields that lie there, for an object that is to be like this one. */
  public Map<String, Object> fields(String... path) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (at(path) instanceof Map<?, ?> found) {
      found.forEach((name, value) -> fields.put(String.valueOf(name), value));
    }
    return fields;
  }

  /** A quantity of bytes, such as {@code 1Gi}. */
  public OptionalLong bytes(String... path) {
    try {
      return text(path).isEmpty()
          ? number(path)
          : OptionalLong.of(Quantity.getAmountInBytes(new Quantity(text(path).get())).longValue());
    } catch (ArithmeticException | IllegalArgumentException e) {
      return OptionalLong.empty();
    }
  }

  /** All of it as JSON, for what has a form of its own. */
  public String json() {
    return Serialization.asJson(object);
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

  public String namespace() {
    String namespace = object.getMetadata().getNamespace();
    return namespace == null ? "" : namespace;
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

  /** Names of those who must do something before it can go. */
  public List<String> finalizers() {
    List<String> finalizers = object.getMetadata().getFinalizers();
    return finalizers == null ? List.of() : List.copyOf(finalizers);
  }

  /** Since when it is being deleted: when its grace ends. */
  public Optional<Instant> deletion() {
    return instant(object.getMetadata().getDeletionTimestamp());
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
