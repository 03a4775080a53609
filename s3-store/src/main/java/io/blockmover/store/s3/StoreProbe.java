package io.blockmover.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.blockmover.api.Cancelled;
import io.blockmover.api.ConditionFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.WriteOutcomeUnknown;
import io.blockmover.api.store.ObjectStore.ObjectListing;
import io.blockmover.api.store.ObjectSummary;
import io.blockmover.api.store.StoreReport;
import io.blockmover.api.store.StoreReport.Finding;
import io.blockmover.api.store.StoreReport.Level;
import io.blockmover.api.store.StoreReport.Suitability;
import io.blockmover.api.store.VersionTag;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Tries out an S3 store before a repository is made there: what it verifies, what its conditional
 * writes are worth, how fast it is. All below a random key, deleted at the end.
 */
final class StoreProbe {

  private static final Duration FIRST_WORD = Duration.ofSeconds(5);
  private static final int TRIES = 4;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int EXPECT_BYTES = 2 << 20;

  private final S3Connection connection;
  private final Map<String, String> learned = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();

  private StoreProbe(S3Connection connection) {
    this.connection = connection;
  }

  /**
   * @throws MoverException if the bucket cannot be listed, the first thing tried
   */
  static StoreReport run(S3Connection connection) throws MoverException {
    String name = "probe-" + UUID.randomUUID().toString().substring(0, 8);
    S3Connection below = connection.with(connection.location().below(name), connection.options());
    return new StoreProbe(below).run();
  }

  private StoreReport run() throws MoverException {
    new ServerProbe(connection, findings).run();
    learned.put(Learned.SERVER, connection.server().toString());
    Suitability suitability = Suitability.UNUSABLE;
    try {
      suitability = tryOutPatiently();
    } catch (Cancelled e) {
      throw e;
    } catch (MoverException e) {
      findings.add(new Finding(Level.FAILED, "stopped", e.getMessage() + ": " + e.advice()));
    } finally {
      sweep();
    }
    return new StoreReport(suitability, learned, findings);
  }

  /** What failures have left behind; not even an interrupt keeps us from it. */
  private void sweep() {
    boolean interrupted = Thread.interrupted();
    try (S3ObjectStore store = connection.store()) {
      List<String> left = new ArrayList<>();
      ObjectListing listing = store.list("", "");
      for (Optional<ObjectSummary> o = listing.next(); o.isPresent(); o = listing.next()) {
        left.add(o.get().key());
      }
      store.deleteAll(left);
    } catch (MoverException e) {
      findings.add(
          new Finding(
              Level.WARNING,
              "leftovers",
              "objects below " + connection.location() + " may be left: " + e.getMessage()));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * A store that is busy for a moment is no worse a store: others may try it out at the same time,
   * as the pods of a first backup do.
   */
  private Suitability tryOutPatiently() throws MoverException {
    List<Finding> before = List.copyOf(findings);
    for (int tries = 1; true; tries++) {
      try {
        return tryOut();
      } catch (StoreUnavailable e) {
        if (tries == TRIES) {
          throw e;
        }
        findings.clear();
        findings.addAll(before);
        pause();
      }
    }
  }

  private static void pause() throws MoverException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      throw LostReplies.cancelled("cannot try out the store", e);
    }
  }

  private Suitability tryOut() throws MoverException {
    try (S3Clients clients = connection.clients();
        S3ObjectStore store = connection.store()) {
      S3Calls calls = new S3Calls(clients, connection.errors(), 1);
      ChecksumMode mode = new ChecksumProbe(store, calls, connection.location()).run(findings);
      learned.put(S3Options.CHECKSUM, mode.name().toLowerCase(Locale.ROOT));
    }
    expectContinue();
    Optional<EtagForm> form = etagForm();
    learned.put(S3Options.ETAG, form.orElse(EtagForm.UNQUOTED).name().toLowerCase(Locale.ROOT));
    try (S3ObjectStore store = conditional()) {
      ConditionalPutProbe.Result result = ConditionalPutProbe.run(store, "conditional/");
      findings.addAll(result.findings());
      learned.put(S3Options.PUT_IF_ABSENT, Boolean.toString(result.putIfAbsent()));
      learned.put(S3Options.CAS, Boolean.toString(result.compareAndSwap()));
      new ListingProbe(store, findings).run();
      new SpeedProbe(store, findings).run();
      return suitability(result);
    }
  }

  private Suitability suitability(ConditionalPutProbe.Result result) {
    if (failed(ListingProbe.CHECK) || failed(SpeedProbe.RANGES)) {
      return Suitability.UNUSABLE;
    }
    if (!result.putIfAbsent() || failed(SpeedProbe.LATE_REFUSAL)) {
      return Suitability.UNSAFE;
    }
    return result.compareAndSwap() ? Suitability.SHARED : Suitability.SINGLE_WRITER;
  }

  private boolean failed(String check) {
    return findings.stream()
        .anyMatch(finding -> finding.level() == Level.FAILED && finding.check().equals(check));
  }

  /** Whether large bodies may wait for the server's first word. */
  private void expectContinue() throws MoverException {
    try (S3ObjectStore store = connection.withSilence(FIRST_WORD).store()) {
      store.put("expect", ByteBuffer.allocateDirect(EXPECT_BYTES));
      store.delete("expect");
    } catch (WriteOutcomeUnknown e) {
      learned.put(S3Options.EXPECT_CONTINUE, "false");
      findings.add(
          new Finding(
              Level.WARNING,
              "100-continue",
              "a body of 2 MiB was not taken within 5 s; trying without 100-continue"));
    }
  }

  /** The form of If-Match that accepts the right version, unquoted first. */
  private Optional<EtagForm> etagForm() throws MoverException {
    for (EtagForm form : EtagForm.values()) {
      learned.put(S3Options.ETAG, form.name().toLowerCase(Locale.ROOT));
      try (S3ObjectStore store = conditional()) {
        if (accepts(store)) {
          return Optional.of(form);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean accepts(S3ObjectStore store) throws MoverException {
    VersionTag version = store.put("etag", ByteBuffer.wrap("1".getBytes(UTF_8)));
    try {
      store.replace("etag", ByteBuffer.wrap("2".getBytes(UTF_8)), version);
      return true;
    } catch (ConditionFailed e) {
      return false;
    } catch (WriteOutcomeUnknown e) {
      return !store.load("etag", 1).version().equals(version);
    } finally {
      store.delete("etag");
    }
  }

  /** A store with what was learned so far, that tries conditional writes whatever was found. */
  private S3ObjectStore conditional() {
    Map<String, String> options = new HashMap<>(connection.options().given());
    options.putAll(learned);
    options.remove(Learned.SERVER);
    options.put(S3Options.CAS, "true");
    options.put(S3Options.PUT_IF_ABSENT, "true");
    return connection.with(connection.location(), S3Options.parse(options)).store();
  }
}
