package io.blockmover.api.store;

import org.jspecify.annotations.Nullable;

/** The rules for keys, in one place for every store. */
public final class ObjectKey {

  private static final int MAX_COMPONENT_BYTES = 200;
  private static final int MAX_KEY_BYTES = 800;

  private ObjectKey() {}

  /**
   * Returns the key if it keeps the rules that {@link ObjectStore} states.
   *
   * @throws IllegalArgumentException if it does not
   */
  public static String requireValid(String key) {
    String problem = problem(key);
    if (problem != null) {
      throw new IllegalArgumentException("not a key: '" + key + "' " + problem);
    }
    return key;
  }

  /** Whether it keeps the rules. */
  public static boolean isValid(String key) {
    return problem(key) == null;
  }

  private static @Nullable String problem(String key) {
    if (key.length() > MAX_KEY_BYTES) {
      return "is longer than " + MAX_KEY_BYTES + " bytes";
    }
    int start = 0;
    for (int at = 0; at <= key.length(); at++) {
      if (at == key.length() || key.charAt(at) == '/') {
        if (!isComponent(key, start, at)) {
          return "has an empty, dotted or overlong part";
        }
        start = at + 1;
      } else if (!isAllowed(key.charAt(at))) {
        return "holds a character that is not allowed";
      }
    }
    return null;
  }

  private static boolean isComponent(String key, int start, int end) {
    int length = end - start;
    boolean dots =
        (length == 1 && key.charAt(start) == '.')
            || (length == 2 && key.charAt(start) == '.' && key.charAt(start + 1) == '.');
    return length > 0 && length <= MAX_COMPONENT_BYTES && !dots;
  }

  private static boolean isAllowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }
}
