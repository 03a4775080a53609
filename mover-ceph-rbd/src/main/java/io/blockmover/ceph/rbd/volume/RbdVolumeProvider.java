package io.blockmover.ceph.rbd.volume;

import io.blockmover.api.DeviceFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.AddressedVolume;
import io.blockmover.api.source.BlockTarget;
import io.blockmover.api.source.TargetTerms;
import io.blockmover.api.source.VolumeProvider;
import io.blockmover.ceph.rbd.RbdSpec;
import io.blockmover.ceph.rbd.librbd.CephFailure;
import io.blockmover.ceph.rbd.librbd.CephLibrary;
import io.blockmover.ceph.rbd.librbd.ClusterConnection;
import io.blockmover.ceph.rbd.librbd.ClusterSettings;
import java.util.Map;

/** Opens {@code rbd:pool[/namespace]/image[@snapshot]} through librbd. */
public final class RbdVolumeProvider implements VolumeProvider {

  /** What such addresses begin with, without the colon. */
  public static final String SCHEME = "rbd";

  @Override
  public String scheme() {
    return SCHEME;
  }

  @Override
  public AddressedVolume openSource(String address, Map<String, String> options)
      throws MoverException {
    RbdSpec spec = spec(address);
    requireKnown(options);
    ClusterSettings settings = ConnectionOptions.settings(options, options);
    CephLibrary library = library();
    try {
      ClusterConnection connection = library.connect(settings);
      try {
        return new SourceOpening(connection, spec, options, again(library, settings)).open();
      } catch (CephFailure | MoverException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (CephFailure e) {
      throw e.asDeviceFailure();
    }
  }

  @Override
  public BlockTarget openTarget(String address, TargetTerms terms, Map<String, String> options)
      throws MoverException {
    RbdSpec spec = spec(address);
    if (!spec.snapshot().isEmpty()) {
      throw new IllegalArgumentException(
          address + " is a snapshot, which cannot be written; name the image");
    }
    requireKnown(options);
    ImageCreation creation = ImageCreation.of(options);
    ClusterSettings settings = ConnectionOptions.settings(options, options);
    CephLibrary library = library();
    ClusterConnection connection;
    try {
      connection = library.connect(settings);
    } catch (CephFailure e) {
      throw e.asDeviceFailure();
    }
    try {
      return new TargetOpening(connection, spec, address, terms, creation, again(library, settings))
          .open();
    } catch (MoverException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static SteadyImage.Reopening again(CephLibrary library, ClusterSettings settings) {
    return identity ->
        OpenImage.connect(
            library, settings, connection -> OpenImage.byIdentity(connection, identity));
  }

  private static RbdSpec spec(String address) {
    String rest =
        address.startsWith(SCHEME + ":") ? address.substring(SCHEME.length() + 1) : address;
    try {
      return RbdSpec.parse(rest);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          address
              + " names no image; write rbd:pool/image@snapshot, or with a namespace"
              + " rbd:pool/namespace/image@snapshot",
          e);
    }
  }

  /** Names in capitals are variables of the environment. */
  private static void requireKnown(Map<String, String> options) {
    for (String name : options.keySet()) {
      boolean variable = name.matches("[A-Z_]+");
      if (!variable
          && !ConnectionOptions.NAMES.contains(name)
          && !ImageCreation.OPTIONS.contains(name)) {
        throw new IllegalArgumentException("there is no option " + name + " for images");
      }
    }
  }

  private static CephLibrary library() throws DeviceFailed {
    return switch (CephLibrary.load()) {
      case CephLibrary.Loading.Loaded(CephLibrary library) -> library;
      case CephLibrary.Loading.Unavailable(String reason) ->
          throw new DeviceFailed(
              reason, "install librbd1 on this machine; the cluster needs nothing new");
    };
  }
}
