package io.blockmover.engine.verify;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells a backup that was forgotten from one whose volume lost its HEAD: a HEAD is never deleted,
 * so where a manifest is and no HEAD, it was lost (or the backup never came to be, but then nobody
 * knows its id).
 */
record MissingHead(ObjectStore store) {

  private static final Pattern MANIFEST_KEY =
      Pattern.compile("s/([0-9a-f]{32})/([0-9a-f]{32})\\.[0-9a-f]{32}");

  /** The key of the HEAD that is missing; empty if it is there, or the backup is really gone. */
  Optional<String> of(String backup) throws MoverException {
    ObjectStore.ObjectListing manifests = store.list("s/", "");
    for (Optional<ObjectSummary> found = manifests.next();
        found.isPresent();
        found = manifests.next()) {
      Matcher matcher = MANIFEST_KEY.matcher(found.get().key());
      if (matcher.matches() && matcher.group(2).equals(backup)) {
        String head = "v/" + matcher.group(1) + "/HEAD";
        return store.find(head).isPresent() ? Optional.empty() : Optional.of(head);
      }
    }
    return Optional.empty();
  }
}
