package io.blockmover.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The tags of {@code --s3-tags team=storage,tier=backup}, as the tagging header wants them. */
final class ObjectTags {

  private ObjectTags() {}

  static String header(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(ObjectTags::pair)
        .collect(Collectors.joining("&"));
  }

  private static String pair(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException("--s3-tags is name=value,name=value; not '" + text + "'");
    }
    return encode(text.substring(0, equals)) + "=" + encode(text.substring(equals + 1));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text.strip(), UTF_8).replace("+", "%20");
  }
}
