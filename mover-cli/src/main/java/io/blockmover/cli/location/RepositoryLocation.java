package io.blockmover.cli.location;

import io.blockmover.cli.Complaint;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a repository is, from what a person wrote: {@code file:///dir}, {@code s3://bucket/prefix},
 * a path, or restic's {@code s3:https://host/bucket/prefix}.
 *
 * @param options for the store, by name; those that the text implies are added
 */
public record RepositoryLocation(URI uri, Map<String, String> options) {

  public RepositoryLocation {
    options = Map.copyOf(options);
  }

  /**
   * Understands a location.
   *
   * @param options given beside it
   */
  public static RepositoryLocation parse(String text, Map<String, String> options)
      throws Complaint {
    try {
      if (text.startsWith("s3:http://") || text.startsWith("s3:https://")) {
        return ofRestic(new URI(text.substring("s3:".length())), options);
      }
      if (text.matches("[a-z][a-z0-9+-]*:.*")) {
        URI uri = new URI(text.startsWith("file:") ? text.replace(" ", "%20") : text);
        return new RepositoryLocation(uri, options);
      }
    } catch (URISyntaxException e) {
      throw Complaint.usage(
          "--repo " + text + " cannot be understood: " + e.getReason(),
          "write a path, file:///directory or s3://bucket/prefix");
    }
    return new RepositoryLocation(directory(Path.of(text)), options);
  }

  private static URI directory(Path path) {
    return URI.create("file://" + encoded(path.toAbsolutePath().normalize()));
  }

  private static String encoded(Path path) {
    try {
      return new URI(null, null, path.toString(), null).getRawPath();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(path + " cannot be written as an address", e);
    }
  }

  private static RepositoryLocation ofRestic(URI uri, Map<String, String> options)
      throws URISyntaxException {
    Map<String, String> all = new LinkedHashMap<>(options);
    all.putIfAbsent("s3-endpoint", uri.getScheme() + "://" + uri.getRawAuthority());
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return new RepositoryLocation(new URI("s3:/" + (path.isEmpty() ? "/" : path)), all);
  }
}
