package io.blockmover.velero.sweep;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.repository.RepositoryFormat;
import io.blockmover.velero.location.Domain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The repositories that there are below the one place that a location has for them. */
public final class Domains {

  private Domains() {}

  /**
   * Looks for them: the one of all volumes, and those of namespaces and volumes. A setting may have
   * been changed, so that there are several kinds.
   *
   * @param root the place of all of them
   */
  public static List<Domain> find(ObjectStore root) throws MoverException {
    List<Domain> found = new ArrayList<>();
    if (root.find(RepositoryFormat.KEY).isPresent()) {
      found.add(Domain.WHOLE);
    }
    for (String kind : List.of("namespace.", "volume.")) {
      String after = "";
      Optional<ObjectSummary> next = root.list(kind, after).next();
      while (next.isPresent()) {
        String name = next.get().key().split("/", 2)[0];
        if (Domain.isValid(name) && root.find(name + "/" + RepositoryFormat.KEY).isPresent()) {
          found.add(new Domain(name));
        }
        after = name + "0"; // the character after the slash: past all that is in it
        next = root.list(kind, after).next();
      }
    }
    return found;
  }
}
