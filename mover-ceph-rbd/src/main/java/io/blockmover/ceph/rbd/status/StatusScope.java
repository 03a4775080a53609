package io.blockmover.ceph.rbd.status;

import java.util.List;

/**
 * What a status is asked of: a pool, a namespace of it, or an image.
 *
 * @param namespace empty for the pool's default one
 * @param image empty for all
 */
public record StatusScope(String pool, String namespace, String image) {

  /**
   * Reads {@code [rbd:]pool}, {@code pool/image}, {@code pool/namespace/image}, or {@code
   * pool/namespace/} for all of a namespace.
   *
   * @throws IllegalArgumentException if it is none of them, with a message for the user
   */
  public static StatusScope parse(String text) {
    String rest = text.startsWith("rbd:") ? text.substring("rbd:".length()) : text;
    List<String> parts = List.of(rest.split("/", -1));
    boolean wrong = parts.size() > 3 || parts.getFirst().isEmpty() || rest.contains("@");
    wrong |= parts.size() == 2 && parts.get(1).isEmpty();
    wrong |= parts.size() == 3 && parts.get(1).isEmpty();
    if (wrong) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' names no images; write POOL, POOL/IMAGE, POOL/NAMESPACE/ or"
              + " POOL/NAMESPACE/IMAGE");
    }
    return switch (parts.size()) {
      case 1 -> new StatusScope(rest, "", "");
      case 2 -> new StatusScope(parts.getFirst(), "", parts.get(1));
      default -> new StatusScope(parts.getFirst(), parts.get(1), parts.get(2));
    };
  }

  @Override
  public String toString() {
    return pool
        + (namespace.isEmpty() ? "" : "/" + namespace)
        + (image.isEmpty() ? "" : "/" + image);
  }
}
