package io.blockmover.velero.pod;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last document that mover printed: a report or an error.
 *
 * @param document as JSON says it
 */
public record PodReport(Map<String, Object> document) {

  public PodReport {
    document = Map.copyOf(document);
  }

  public Optional<String> text(String field) {
    return document.get(field) instanceof String text && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }

  /** A number of the report; 0 if it has none. */
  public long number(String field) {
    return document.get(field) instanceof Number number ? number.longValue() : 0;
  }

  /** Its sentences about what was not as it should be. */
  public List<String> steps() {
    return document.get("steps") instanceof List<?> steps
        ? steps.stream().map(String::valueOf).toList()
        : List.of();
  }

  /** Id of the backup that was made or restored. */
  public Optional<String> backup() {
    return text("backup");
  }

  /** What went wrong, for a person; empty if nothing is said. */
  public String message() {
    return text("message").orElse("");
  }

  /** What to do about it. */
  public String advice() {
    return text("advice").orElse("");
  }

  /** One word for what went wrong. */
  public String kind() {
    return text("kind").orElse("");
  }
}
