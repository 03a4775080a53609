package io.blockmover.store.s3;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP proxy that the environment asks for: HTTPS_PROXY or HTTP_PROXY by the endpoint's scheme,
 * unless NO_PROXY names the host. Lower case wins, as in curl.
 *
 * @param uri scheme, host and port of the proxy
 */
record EnvironmentProxy(URI uri, @Nullable String user, @Nullable String password) {

  /** The proxy for requests to {@code endpoint}, if any. */
  static Optional<EnvironmentProxy> choose(Map<String, String> environment, URI endpoint) {
    String name = "https".equals(endpoint.getScheme()) ? "https_proxy" : "http_proxy";
    String proxy = variable(environment, name);
    if (proxy.isEmpty() || excluded(variable(environment, "no_proxy"), endpoint.getHost())) {
      return Optional.empty();
    }
    return Optional.of(parse(name, proxy.contains("://") ? proxy : "http://" + proxy));
  }

  int port() {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equals(uri.getScheme()) ? 443 : 80;
  }

  private static EnvironmentProxy parse(String name, String text) {
    URI uri = URI.create(text);
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(
          name.toUpperCase(Locale.ROOT) + " must look like http://host:port");
    }
    String credentials = uri.getUserInfo();
    if (credentials == null) {
      return new EnvironmentProxy(uri, null, null);
    }
    int colon = credentials.indexOf(':');
    return colon < 0
        ? new EnvironmentProxy(uri, credentials, null)
        : new EnvironmentProxy(
            uri, credentials.substring(0, colon), credentials.substring(colon + 1));
  }

  private static String variable(Map<String, String> environment, String name) {
    String lower = environment.getOrDefault(name, "");
    String upper = environment.getOrDefault(name.toUpperCase(Locale.ROOT), "");
    return (lower.isBlank() ? upper : lower).strip();
  }

  /** Names match themselves and everything below them; {@code *} matches all. */
  private static boolean excluded(String list, String host) {
    String wanted = host.toLowerCase(Locale.ROOT);
    for (String entry : list.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
      String name = entry.replaceFirst("^\\*?\\.", "").replaceFirst(":\\d+$", "");
      if (entry.equals("*")
          || (!name.isEmpty() && (wanted.equals(name) || wanted.endsWith("." + name)))) {
        return true;
      }
    }
    return false;
  }
}
