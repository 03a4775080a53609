package io.blockmover.velero.transfer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.blockmover.api.MoverException;
import java.util.Map;
import java.util.Optional;

/**
 * How a transfer will end. It is written down in the object before the first thing that was made
 * for it is removed: whoever goes on after a crash cannot tell it from what is left.
 *
 * @param end a terminal phase
 * @param message for people: what happened, on what object, and what to do next
 * @param status further fields of the status, written with the phase
 * @param notes for whoever cleans up
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Verdict(
    TransferPhase end, String message, Map<String, Object> status, Map<String, String> notes) {

  private static final ObjectMapper JSON = new ObjectMapper();

  public Verdict {
    if (!end.terminal()) {
      throw new IllegalArgumentException(end + " is no end");
    }
    status = Map.copyOf(status);
    notes = Map.copyOf(notes);
  }

  public static Verdict failed(String message, String advice) {
    return new Verdict(
        TransferPhase.FAILED,
        advice.isEmpty() ? message : message + "; " + advice,
        Map.of(),
        Map.of());
  }

  public static Verdict failed(MoverException failure) {
    return failed(String.valueOf(failure.getMessage()), failure.advice());
  }

  public static Verdict canceled(String message) {
    return new Verdict(TransferPhase.CANCELED, message, Map.of(), Map.of());
  }

  String text() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a verdict is always JSON", e);
    }
  }

  static Optional<Verdict> parse(String text) {
    try {
      return Optional.of(JSON.readValue(text, Verdict.class));
    } catch (JsonProcessingException | RuntimeException e) {
      return Optional.empty(); // Somebody wrote into it: it is decided anew.
    }
  }
}
