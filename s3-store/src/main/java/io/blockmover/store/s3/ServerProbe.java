package io.blockmover.store.s3;

import io.blockmover.api.MoverException;
import io.blockmover.api.store.StoreReport.Finding;
import io.blockmover.api.store.StoreReport.Level;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;

/** Who answers, and what time it is there. A listing, for its errors come with a reason. */
final class ServerProbe {

  private static final Duration TOLERABLE_SKEW = Duration.ofSeconds(30);

  private final S3Connection connection;
  private final List<Finding> findings;

  ServerProbe(S3Connection connection, List<Finding> findings) {
    this.connection = connection;
    this.findings = findings;
  }

  void run() throws MoverException {
    ListObjectsV2Request request =
        ListObjectsV2Request.builder()
            .bucket(connection.location().bucket())
            .prefix(connection.location().prefix())
            .maxKeys(1)
            .overrideConfiguration(S3Calls.limit(0))
            .build();
    try (S3Clients clients = connection.clients()) {
      S3Calls calls = new S3Calls(clients, connection.errors(), 1);
      SdkHttpResponse answer =
          calls.blocking(Call.LIST, "", s3 -> s3.listObjectsV2(request)).sdkHttpResponse();
      findings.add(
          new Finding(
              Level.NOTE,
              "server",
              connection.server() + ", " + answer.firstMatchingHeader("Server").orElse("unnamed")));
      clock(answer.firstMatchingHeader("Date").orElse(""));
    }
  }

  private void clock(String date) {
    Duration skew;
    try {
      Instant there = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      skew = Duration.between(Instant.now(), there);
    } catch (DateTimeException e) {
      findings.add(new Finding(Level.NOTE, "clock", "the server does not say its time"));
      return;
    }
    boolean tolerable = skew.abs().compareTo(TOLERABLE_SKEW) <= 0;
    findings.add(
        new Finding(
            tolerable ? Level.GOOD : Level.WARNING,
            "clock",
            tolerable
                ? "agrees with this machine's, within " + TOLERABLE_SKEW.toSeconds() + " s"
                : "the server's clock is "
                    + skew.abs().toSeconds()
                    + " s "
                    + (skew.isNegative() ? "behind" : "ahead of")
                    + " this machine's; stores refuse requests beyond 15 min"));
  }
}
