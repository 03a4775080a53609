package io.blockmover.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads fields of objects that have no class. What is not there or empty is absent. */
record Fields(GenericKubernetesResource object) {

  private @Nullable Object at(String... path) {
    return object.get((Object[]) path);
  }

  Optional<String> text(String... path) {
    return at(path) instanceof String text && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }

  OptionalLong number(String... path) {
    return at(path) instanceof Number number
        ? OptionalLong.of(number.longValue())
        : OptionalLong.empty();
  }

  Optional<Boolean> flag(String... path) {
    return at(path) instanceof Boolean flag ? Optional.of(flag) : Optional.empty();
  }

  /** Whether there is something with fields of its own. */
  boolean has(String... path) {
    return at(path) instanceof Map<?, ?>;
  }

  Optional<Instant> time(String... path) {
    return text(path).flatMap(Fields::instant);
  }

  static Optional<Instant> instant(@Nullable String text) {
    try {
      return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  String name() {
    return object.getMetadata().getName();
  }

  String uid() {
    String uid = object.getMetadata().getUid();
    return uid == null ? "" : uid;
  }

  boolean deleting() {
    return object.getMetadata().getDeletionTimestamp() != null;
  }

  Map<String, String> annotations() {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : Map.copyOf(annotations);
  }

  Map<String, String> labels() {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels == null ? Map.of() : Map.copyOf(labels);
  }
}
