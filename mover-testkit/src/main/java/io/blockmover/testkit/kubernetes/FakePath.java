package io.blockmover.testkit.kubernetes;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a URL means.
 *
 * @param namespace empty for all namespaces and for objects that have none
 * @param name empty for the collection
 * @param subresource such as {@code status}; empty for none
 */
record FakePath(FakeKind kind, String namespace, String name, String subresource) {

  static Optional<FakePath> parse(String path) {
    for (FakeKind kind : FakeKind.ALL) {
      if (path.startsWith(kind.root() + "/")) {
        Optional<FakePath> parsed = parse(kind, path.substring(kind.root().length() + 1));
        if (parsed.isPresent()) {
          return parsed;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<FakePath> parse(FakeKind kind, String rest) {
    List<String> parts = Arrays.asList(rest.split("/", -1));
    String namespace = "";
    if (kind.namespaced() && parts.size() > 2 && parts.getFirst().equals("namespaces")) {
      namespace = parts.get(1);
      parts = parts.subList(2, parts.size());
    }
    boolean inNamespace = kind.plural().equals("namespaces") && parts.size() > 2;
    if (!parts.getFirst().equals(kind.plural()) || parts.size() > 3 || inNamespace) {
      return Optional.empty();
    }
    return Optional.of(
        new FakePath(
            kind,
            namespace,
            parts.size() > 1 ? parts.get(1) : "",
            parts.size() > 2 ? parts.get(2) : ""));
  }
}
