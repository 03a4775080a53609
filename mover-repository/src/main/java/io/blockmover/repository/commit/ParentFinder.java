package io.blockmover.repository.commit;

import io.blockmover.api.BackupNotFound;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.repository.Repository;
import io.blockmover.repository.head.BackupRow;
import io.blockmover.repository.head.HeadState;
import io.blockmover.repository.head.HeadStore;
import io.blockmover.repository.manifest.ManifestStore;
import io.blockmover.repository.session.JournalTerms;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** W2: finds the parent in HEAD and reads its manifest. */
final class ParentFinder {

  private static final int MAX_ATTEMPTS = 5;

  private final HeadStore heads;
  private final ManifestStore manifests;

  ParentFinder(Repository repository) {
    this.heads = new HeadStore(repository);
    this.manifests = new ManifestStore(repository.documents());
  }

  Optional<Parent> find(SessionRequest request) throws MoverException {
    String missing = "";
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      Optional<BackupRow> row = row(request, heads.load(request.volume()));
      if (row.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(new Parent(row.get(), manifests.load(row.get())));
      } catch (ObjectNotFound e) {
        missing = row.get().manifest(); // forgotten or replaced meanwhile: HEAD knows
      }
    }
    throw new CorruptData(missing, "a manifest, for HEAD names it", "nothing");
  }

  private Optional<BackupRow> row(SessionRequest request, HeadState state) throws MoverException {
    if (request.resume() == null) {
      return request.parent() == ParentChoice.LATEST ? state.head().latest() : Optional.empty();
    }
    JournalTerms terms = request.resume().beat().journal();
    @Nullable String parent = terms == null ? null : terms.parent();
    if (parent == null) {
      return Optional.empty();
    }
    Optional<BackupRow> row = heads.find(state, parent);
    if (row.isEmpty()) {
      throw new BackupNotFound(
          "backup " + parent + ", which the interrupted one was compared with, was forgotten",
          "begin a new session");
    }
    return row;
  }
}
