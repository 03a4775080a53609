package io.blockmover.store.s3;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectStoreProvider;
import io.blockmover.api.store.StoreReport;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Opens {@code s3://bucket/prefix}. Opening is cheap: clients are made at the first call. */
public final class S3ObjectStoreProvider implements ObjectStoreProvider {

  @Override
  public Set<String> schemes() {
    return Set.of("s3");
  }

  @Override
  public ObjectStore open(URI location, Map<String, String> options) {
    return S3Connection.of(location, S3Options.parse(options)).store();
  }

  @Override
  public Optional<StoreReport> probe(URI location, Map<String, String> options)
      throws MoverException {
    return Optional.of(StoreProbe.run(S3Connection.of(location, S3Options.parse(options))));
  }
}
