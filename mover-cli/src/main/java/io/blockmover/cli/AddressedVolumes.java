package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.source.AddressedVolume;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.source.TargetTerms;
import io.blockmover.api.source.VolumeProvider;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds who serves an address such as {@code rbd:pool/image}; a path is none. */
final class AddressedVolumes {

  private static final Pattern SCHEME = Pattern.compile("([a-z][a-z0-9+-]*):.*");

  private AddressedVolumes() {}

  /**
   * Who serves it; empty if it is a path. A file of such a name can be written {@code ./rbd:name}.
   */
  static Optional<VolumeProvider> provider(String name) {
    Matcher matcher = SCHEME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    for (VolumeProvider provider : ServiceLoader.load(VolumeProvider.class)) {
      if (provider.scheme().equals(matcher.group(1))) {
        return Optional.of(provider);
      }
    }
    return Optional.empty();
  }

  static AddressedVolume openSource(
      VolumeProvider provider, String address, Map<String, String> options)
      throws MoverException, Complaint {
    try {
      return provider.openSource(address, options);
    } catch (IllegalArgumentException e) {
      throw Complaint.usage(String.valueOf(e.getMessage()), "");
    }
  }

  static BlockTarget openTarget(
      VolumeProvider provider, String address, TargetTerms terms, Map<String, String> options)
      throws MoverException, Complaint {
    try {
      return provider.openTarget(address, terms, options);
    } catch (IllegalArgumentException e) {
      throw Complaint.usage(String.valueOf(e.getMessage()), "");
    }
  }
}
