package io.blockmover.repository;

import io.blockmover.repository.crypto.Hmac;
import io.blockmover.repository.crypto.KeySet;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A volume in keys of objects: keyed, so that a bucket's listing tells no names.
 *
 * @param hex 32 hex digits
 */
public record VolumeId(String hex) {

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{32}");

  public VolumeId {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("not a volume id: " + hex);
    }
  }

  /** The id of the volume of this name. */
  public static VolumeId of(KeySet keys, String volume) {
    byte[] mac =
        Hmac.sha256(
            keys.chunkIdKey(),
            "volume\0".getBytes(StandardCharsets.UTF_8),
            volume.getBytes(StandardCharsets.UTF_8));
    return new VolumeId(HexFormat.of().formatHex(Arrays.copyOf(mac, 16)));
  }

  /** Where its HEAD is. */
  public String headKey() {
    return "v/" + hex + "/HEAD";
  }

  @Override
  public String toString() {
    return hex;
  }
}
