package io.blockmover.cli.location;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectStoreProvider;
import io.blockmover.cli.Complaint;
import io.blockmover.repository.store.BandwidthLimit;
import io.blockmover.repository.store.CountingObjectStore;
import io.blockmover.repository.store.RetryListener;
import io.blockmover.repository.store.RetryPolicy;
import io.blockmover.repository.store.RetryingObjectStore;
import io.blockmover.repository.store.ThrottledObjectStore;
import io.blockmover.repository.store.Timing;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** Opens the store of a location, with the wrappers every job wants. */
public final class Stores {

  private Stores() {}

  /**
   * An opened store.
   *
   * @param store repeats what fails, and keeps to the limits
   * @param requests counts what is sent through {@code store}
   */
  public record Opened(ObjectStore store, CountingObjectStore requests) {}

  /**
   * Opens a store.
   *
   * @param uploadLimit bytes per second, 0 for none; likewise {@code downloadLimit}
   */
  public static Opened open(
      RepositoryLocation location, long uploadLimit, long downloadLimit, RetryListener retries)
      throws MoverException, Complaint {
    Timing timing = Timing.system();
    CountingObjectStore counting = new CountingObjectStore(bare(location));
    ObjectStore throttled =
        uploadLimit == 0 && downloadLimit == 0
            ? counting
            : new ThrottledObjectStore(
                counting,
                new BandwidthLimit(uploadLimit, timing),
                new BandwidthLimit(downloadLimit, timing));
    return new Opened(
        new RetryingObjectStore(throttled, RetryPolicy.standard(), timing, retries), counting);
  }

  private static ObjectStore bare(RepositoryLocation location) throws MoverException, Complaint {
    String scheme = String.valueOf(location.uri().getScheme());
    TreeSet<String> known = new TreeSet<>();
    for (ObjectStoreProvider provider : ServiceLoader.load(ObjectStoreProvider.class)) {
      if (provider.schemes().contains(scheme)) {
        try {
          return provider.open(location.uri(), location.options());
        } catch (IllegalArgumentException e) {
          throw Complaint.usage(String.valueOf(e.getMessage()), "see mover help init");
        }
      }
      known.addAll(provider.schemes());
    }
    throw Complaint.usage(
        "no store serves " + scheme + ":", "known are a path and " + String.join(", ", known));
  }
}
