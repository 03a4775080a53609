package io.blockmover.velero.upload;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.velero.transfer.Transfer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which pod of an upload it is: the first, or one that took the place of another. Kept in an
 * annotation of the DataUpload, since pods vanish.
 *
 * @param number 0 for the first
 * @param deaths how many before it died without a word
 * @param since when it may begin; absent for the first
 * @param seen whether there was such a pod: if there is none now, somebody deleted it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Attempt(int number, int deaths, @Nullable String since, boolean seen) {

  static final String ANNOTATION = "blockmover.io/attempt";

  private static final ObjectMapper JSON = new ObjectMapper();

  static Attempt of(Transfer transfer) {
    String text = transfer.object().annotations().get(ANNOTATION);
    if (text != null) {
      try {
        return JSON.readValue(text, Attempt.class);
      } catch (JsonProcessingException e) {
        // Somebody wrote into it: pods are found by their names all the same.
      }
    }
    return new Attempt(0, 0, null, transfer.started().isPresent());
  }

  String text() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an attempt is always JSON", e);
    }
  }

  /** Name of its pod and of its claim. */
  ObjectName objects(Transfer transfer) {
    String name = transfer.objectName();
    return new ObjectName(transfer.name().namespace(), number == 0 ? name : name + "-" + number);
  }

  /** When it may begin. */
  Instant begin(Transfer transfer) {
    return since == null ? transfer.accepted().orElse(Instant.EPOCH) : Instant.parse(since);
  }

  Attempt asSeen() {
    return new Attempt(number, deaths, since, true);
  }

  /** The one after it died. */
  Attempt afterDeath(Instant begin) {
    return new Attempt(number + 1, deaths + 1, begin.toString(), false);
  }

  /** The one after it found another run at work. */
  Attempt afterBusy(Instant begin) {
    return new Attempt(number + 1, deaths, begin.toString(), false);
  }
}
