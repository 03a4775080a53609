package io.blockmover.velero.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.blockmover.api.CorruptData;
import io.blockmover.api.MoverException;
import io.blockmover.api.ObjectNotFound;
import io.blockmover.api.store.ObjectKey;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.api.store.ObjectSummary;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The backups that Velero keeps below a place, as the bucket lists them. What cannot be understood
 * counts as there.
 */
public final class VeleroBackups {

  private static final String DIRECTORY = "backups/";
  private static final String FILE = "/velero-backup.json";
  private static final int MAX_BYTES = 16 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectStore place;
  private final Set<String> names;
  private final Map<String, Optional<String>> uids = new HashMap<>();

  private VeleroBackups(ObjectStore place, Set<String> names) {
    this.place = place;
    this.names = names;
  }

  /**
   * Lists them.
   *
   * @param place the bucket and prefix of a BackupStorageLocation; stays open
   */
  public static VeleroBackups list(ObjectStore place) throws MoverException {
    Set<String> names = new HashSet<>();
    ObjectStore.ObjectListing listing = place.list(DIRECTORY, "");
    for (Optional<ObjectSummary> found = listing.next();
        found.isPresent();
        found = listing.next()) {
      String rest = found.get().key().substring(DIRECTORY.length());
      int slash = rest.indexOf('/');
      if (slash > 0) {
        names.add(rest.substring(0, slash));
      }
    }
    return new VeleroBackups(place, names);
  }

  public int count() {
    return names.size();
  }

  /** Whether it is there, or may be. */
  boolean mayHold(VeleroTags backup) throws MoverException {
    if (!names.contains(backup.name())) {
      return false;
    }
    Optional<String> uid = uids.get(backup.name());
    if (uid == null) {
      uid = uid(backup.name());
      uids.put(backup.name(), uid);
    }
    return uid.isEmpty() || uid.get().equals(backup.uid());
  }

  /** The same, asked anew, and not of the listing: before what cannot be undone. */
  boolean mayHoldNow(VeleroTags backup) throws MoverException {
    String key = DIRECTORY + backup.name() + FILE;
    if (!ObjectKey.isValid(key)) {
      return true;
    }
    if (place.find(key).isEmpty()) {
      return names.contains(backup.name()) && mayHold(backup);
    }
    Optional<String> uid = uid(backup.name());
    return uid.isEmpty() || uid.get().equals(backup.uid());
  }

  /** Empty if it is not said, or not to be understood. */
  private Optional<String> uid(String name) throws MoverException {
    String key = DIRECTORY + name + FILE;
    if (!ObjectKey.isValid(key)) {
      return Optional.empty();
    }
    try {
      JsonNode backup = JSON.readTree(place.load(key, MAX_BYTES).bytes());
      JsonNode uid = backup.path("metadata").path("uid");
      boolean named = backup.path("metadata").path("name").asText().equals(name);
      return named && uid.isTextual() && !uid.textValue().isEmpty()
          ? Optional.of(uid.textValue())
          : Optional.empty();
    } catch (ObjectNotFound | CorruptData e) {
      return Optional.empty(); // half written, half deleted, or not Velero's
    } catch (MoverException e) {
      throw e;
    } catch (IOException e) {
      return Optional.empty(); // no JSON
    }
  }
}
