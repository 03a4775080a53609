package io.blockmover.repository.gc;

import io.blockmover.api.ConditionFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.api.store.VersionTag;
import io.blockmover.repository.Repository;
import io.blockmover.repository.document.LoadedDocument;
import java.util.Optional;

/** Reads {@code gc/HEAD} and swaps it; it is never deleted. */
final class GcHeadStore {

  // Each may have waited for minutes in the retry layer.
  private static final int MAX_UNKNOWN = 10;

  private final Repository repository;

  GcHeadStore(Repository repository) {
    this.repository = repository;
  }

  GcState load() throws MoverException {
    try {
      LoadedDocument<GcHead> loaded =
          repository.documents().loadVersioned(GcHead.KEY, GcHead.class);
      return new GcState(loaded.content(), loaded.version());
    } catch (ObjectNotFound e) {
      return new GcState(GcHead.NONE, null);
    }
  }

  /**
   * Swaps it.
   *
   * @param expected the state that it must still have
   * @param content what becomes of it; seq and nonce are set here
   * @return what is there now; empty if somebody else wrote it: read again
   * @throws WriteOutcomeUnknown if the store did not say. A late request is harmless: it publishes
   *     a list that is as true then as now, or finds another state and does nothing
   */
  Optional<GcState> swap(GcState expected, GcHead content) throws MoverException {
    GcHead next = content.next(expected.head().seq() + 1, repository.random().name());
    for (int attempt = 1; attempt <= MAX_UNKNOWN; attempt++) {
      Optional<VersionTag> written = send(expected, next);
      if (written.isPresent()) {
        return Optional.of(new GcState(next, written.get()));
      }
      GcState now = load();
      if (now.sameAs(new GcState(next, null))) {
        return Optional.of(now); // it was ours, and the reply was lost
      }
      if (!now.sameAs(expected)) {
        return Optional.empty();
      }
    }
    throw new WriteOutcomeUnknown(
        "the store took none of " + MAX_UNKNOWN + " writes of " + GcHead.KEY,
        "check the store's health, then run `mover gc` again; nothing is lost");
  }

  /** Empty: a refusal too may be the second transmission of a request that won. */
  private Optional<VersionTag> send(GcState expected, GcHead next) throws MoverException {
    VersionTag version = expected.version();
    try {
      return Optional.of(
          version == null
              ? repository.documents().putIfAbsent(GcHead.KEY, next)
              : repository.documents().replace(GcHead.KEY, next, version));
    } catch (ConditionFailed | ObjectAlreadyExists | ObjectNotFound | WriteOutcomeUnknown e) {
      return Optional.empty();
    }
  }
}
