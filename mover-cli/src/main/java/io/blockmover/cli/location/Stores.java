package io.blockmover.cli.location;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectStoreProvider;
import io.blockmover.api.store.StoreReport;
import io.blockmover.cli.Complaint;
import io.blockmover.repository.store.BandwidthLimit;
import io.blockmover.repository.store.CountingObjectStore;
import io.blockmover.repository.store.RetryListener;
import io.blockmover.repository.store.RetryPolicy;
import io.blockmover.repository.store.RetryingObjectStore;
import io.blockmover.repository.store.ThrottledObjectStore;
import io.blockmover.repository.store.Timing;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** Opens the store of a location, with the wrappers every job wants. */
public final class Stores {

  private static final String SEE = "see mover init --help";

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

  /**
   * Tries the store out.
   *
   * @return empty if its provider has nothing to find out
   */
  public static Optional<StoreReport> probe(RepositoryLocation location)
      throws MoverException, Complaint {
    try {
      return provider(location).probe(location.uri(), location.options());
    } catch (IllegalArgumentException e) {
      throw Complaint.usage(String.valueOf(e.getMessage()), SEE);
    }
  }

  private static ObjectStore bare(RepositoryLocation location) throws MoverException, Complaint {
    try {
      return provider(location).open(location.uri(), location.options());
    } catch (IllegalArgumentException e) {
      throw Complaint.usage(String.valueOf(e.getMessage()), SEE);
    }
  }

  private static ObjectStoreProvider provider(RepositoryLocation location) throws Complaint {
    String scheme = String.valueOf(location.uri().getScheme());
    TreeSet<String> known = new TreeSet<>();
    for (ObjectStoreProvider provider : ServiceLoader.load(ObjectStoreProvider.class)) {
      if (provider.schemes().contains(scheme)) {
        return provider;
      }
      known.addAll(provider.schemes());
    }
    throw Complaint.usage(
        "no store serves " + scheme + ":", "known are a path and " + String.join(", ", known));
  }
}
