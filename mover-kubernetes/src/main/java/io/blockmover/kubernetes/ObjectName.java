package io.blockmover.kubernetes;

import java.util.Optional;
import java.util.regex.Pattern;

/** Name of an object in a namespace. */
public record ObjectName(String namespace, String name) {

  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  /** Whatever stands here becomes part of a URL, hence the check. */
  public ObjectName {
    if (!NAMESPACE.matcher(namespace).matches() || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + namespace + "/" + name + "' is not the name of an object: namespace/name");
    }
  }

  /** Reads {@code namespace/name}; empty if it is not of that form. */
  public static Optional<ObjectName> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ObjectName(text.substring(0, slash), text.substring(slash + 1)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
