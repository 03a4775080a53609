package io.blockmover.cli;

import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.StoreRejected;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.StoreReport;
import io.blockmover.cli.location.RepositoryLocation;
import io.blockmover.cli.location.Stores;
import io.blockmover.cli.output.Output;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.Repository;
import io.blockmover.repository.RepositoryInit;
import io.blockmover.repository.store.Timing;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Makes a repository where there is none, in a store that it tries out first. */
final class RepositoryCreation {

  private static final int ATTEMPTS = 5;
  private static final long PAUSE_MILLIS = 700;

  private final Timing timing = Timing.system();
  private final RepositoryLocation location;
  private final ObjectStore store;
  private final Output output;
  private final RepositoryInit init;

  /**
   * @param store of the location, with the retry layer
   */
  RepositoryCreation(RepositoryLocation location, ObjectStore store, Output output) {
    this.location = location;
    this.store = store;
    this.output = output;
    this.init = new RepositoryInit(store, Clock.systemUTC(), new SecureRandom());
  }

  /** Refuses a place that is taken. */
  void requireNone() throws MoverException {
    init.requireNone();
  }

  /** Nobody should have to think of a password for a store that will be refused. */
  StoreReport probe() throws MoverException, Complaint {
    Optional<StoreReport> probed = Stores.probe(location);
    StoreReport report = probed.isPresent() ? probed.get() : init.probe();
    init.requireShared(report);
    for (StoreReport.Finding finding : report.findings()) {
      if (finding.level() == StoreReport.Level.WARNING) {
        output.warn(finding.check() + ": " + finding.text());
      }
    }
    return report;
  }

  /** Makes one in a store that was tried out. */
  Repository create(RepositoryInit.Options options, StoreReport report) throws MoverException {
    return init.create(options, report);
  }

  /**
   * Makes one that the password opens, or opens the one that somebody else makes meanwhile: all
   * pods of a first backup come here at once, and some stores do not bear several of them trying
   * out the same place.
   *
   * @throws CorruptData if there is none but what is left of one: whoever made another there would
   *     lose what can still be saved
   */
  Repository createOrOpen(String password) throws MoverException, Complaint {
    for (int attempt = 1; ; attempt++) {
      try {
        // In this order: a repository that somebody makes after the first question has remains too.
        boolean remains = init.hasRemains();
        requireNone();
        if (remains) {
          throw init.remains();
        }
        Repository made = init.create(RepositoryInit.Options.withPassword(password), probe());
        output.note("made repository " + made.format().repository() + " at " + store.location());
        return made;
      } catch (ObjectAlreadyExists e) {
        return Repository.open(store, password, Clock.systemUTC(), Randomness.secure());
      } catch (StoreRejected e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        output.warn(e.getMessage() + "; trying again");
        long millis = Math.round(PAUSE_MILLIS * attempt * (0.5 + timing.random().getAsDouble()));
        timing.sleep(Duration.ofMillis(millis), "make a repository");
      }
    }
  }
}
