package io.blockmover.ceph.rbd.librbd;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The forms in which people write monitors. */
final class MonitorAddresses {

  private static final Pattern HOST_AND_V2_PORT =
      Pattern.compile("(\\[[0-9a-fA-F:]+]|[^\\[\\]:]+):3300");

  private MonitorAddresses() {}

  /**
   * The same addresses, where those at the port of protocol 2 say so: only then does librados tell
   * a wrong key from a monitor that does not answer, and at once.
   */
  static String explicit(String monitors) {
    List<String> addresses = new ArrayList<>();
    for (String address : split(monitors)) {
      addresses.add(HOST_AND_V2_PORT.matcher(address).matches() ? "v2:" + address : address);
    }
    return String.join(",", addresses);
  }

  /** At commas, semicolons and blanks outside of brackets. */
  private static List<String> split(String monitors) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    int depth = 0;
    for (char c : (monitors + ",").toCharArray()) {
      depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      if (depth <= 0 && (c == ',' || c == ';' || Character.isWhitespace(c))) {
        if (!part.isEmpty()) {
          parts.add(part.toString());
        }
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    if (!part.isEmpty()) {
      parts.add(part.substring(0, part.length() - 1)); // a bracket that never closes
    }
    return parts;
  }
}
