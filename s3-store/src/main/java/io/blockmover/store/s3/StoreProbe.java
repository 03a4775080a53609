package io.blockmover.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.blockmover.api.ConditionFailed;
import io.blockmover.api.MoverException;
import io.blockmover.api.WriteOutcomeUnknown;
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
  private static final int EXPECT_BYTES = 2 << 20;

  private final S3Connection connection;
  private final Map<String, String> given;
  private final Map<String, String> learned = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();

  private StoreProbe(S3Connection connection, Map<String, String> given) {
    this.connection = connection;
    this.given = given;
  }

  /**
   * @param given the options of {@code connection}
   * @throws MoverException if the bucket cannot be listed, the first thing tried
   */
  static StoreReport run(S3Connection connection, Map<String, String> given) throws MoverException {
    String name = "probe-" + UUID.randomUUID().toString().substring(0, 8);
    S3Connection below = connection.with(connection.location().below(name), connection.options());
    return new StoreProbe(below, given).run();
  }

  private StoreReport run() throws MoverException {
    new ServerProbe(connection, findings).run();
    try {
      return new StoreReport(tryOut(), learned, findings);
    } catch (MoverException e) {
      findings.add(new Finding(Level.FAILED, "stopped", e.getMessage() + ": " + e.advice()));
      return new StoreReport(Suitability.UNUSABLE, learned, findings);
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
    if (findings.stream().anyMatch(f -> f.level() == Level.FAILED && f.check().equals("listing"))) {
      return Suitability.UNUSABLE;
    }
    if (!result.putIfAbsent()) {
      return Suitability.UNSAFE;
    }
    return result.compareAndSwap() ? Suitability.SHARED : Suitability.SINGLE_WRITER;
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
    Map<String, String> options = new HashMap<>(given);
    options.putAll(learned);
    options.put(S3Options.CAS, "true");
    options.put(S3Options.PUT_IF_ABSENT, "true");
    return connection.with(connection.location(), S3Options.parse(options)).store();
  }
}
