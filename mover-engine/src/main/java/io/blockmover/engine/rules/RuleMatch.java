package io.blockmover.engine.rules;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a rule asks of a volume: all of it must hold. Lists are of patterns, in which {@code *}
 * stands for anything; one of them must fit. An empty list asks nothing.
 *
 * @param labels patterns by name of the label
 * @param minBytes the volume has at least so many
 * @param maxBytes and at most so many
 */
record RuleMatch(
    List<String> storageClasses,
    List<String> drivers,
    List<String> namespaces,
    Map<String, List<String>> labels,
    long minBytes,
    long maxBytes) {

  /** Asks nothing. */
  static final RuleMatch ALL =
      new RuleMatch(List.of(), List.of(), List.of(), Map.of(), 0, Long.MAX_VALUE);

  /** Why a volume is not meant, in a few words; empty if it is. */
  Optional<String> whyNot(VolumeFacts facts) {
    return differs("storage class", facts.storageClass(), storageClasses)
        .or(() -> differs("driver", facts.driver(), drivers))
        .or(() -> differs("namespace", facts.namespace(), namespaces))
        .or(() -> wrongLabel(facts.labels()))
        .or(() -> wrongSize(facts.sizeBytes()));
  }

  private Optional<String> wrongLabel(Map<String, String> found) {
    return labels.entrySet().stream()
        .flatMap(
            wanted ->
                differs(
                    "label " + wanted.getKey(),
                    found.getOrDefault(wanted.getKey(), ""),
                    wanted.getValue())
                    .stream())
        .findFirst();
  }

  private Optional<String> wrongSize(long bytes) {
    if (bytes < minBytes) {
      return Optional.of("its " + bytes + " bytes are fewer than " + minBytes);
    }
    return bytes > maxBytes
        ? Optional.of("its " + bytes + " bytes are more than " + maxBytes)
        : Optional.empty();
  }

  private static Optional<String> differs(String what, String found, List<String> patterns) {
    if (patterns.isEmpty()
        || (!found.isEmpty() && patterns.stream().anyMatch(pattern -> fits(found, pattern)))) {
      return Optional.empty();
    }
    String wanted = String.join(" or ", patterns);
    return Optional.of(
        found.isEmpty()
            ? "its " + what + " is not known, and must be " + wanted
            : "its " + what + " is " + found + ", not " + wanted);
  }

  private static boolean fits(String text, String pattern) {
    String[] parts = pattern.split("\\*", -1);
    StringBuilder expression = new StringBuilder();
    for (int i = 0; i < parts.length; i++) {
      expression.append(i == 0 ? "" : ".*").append(Pattern.quote(parts[i]));
    }
    return Pattern.matches(expression.toString(), text);
  }
}
