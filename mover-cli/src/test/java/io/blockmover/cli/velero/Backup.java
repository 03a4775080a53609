package io.blockmover.cli.velero;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.cli.cluster.Kubectl;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A backup of Velero's and what the mover did for it. */
record Backup(Kubectl velero, String name) {

  private static final String UPLOADS = "velero.io/backup-name=";

  /** Waits until Velero is done with it. */
  Backup await() {
    Waiting.until(
        "backup " + name, () -> velero.run("get", "backup", name, phase()), Waiting::ended);
    return this;
  }

  /** Waits, and insists that all of it is there. */
  Backup complete() {
    await();
    assertThat(phaseNow()).as("backup %s: %s", name, all()).isEqualTo("Completed");
    return this;
  }

  String phaseNow() {
    return velero.run("get", "backup", name, phase());
  }

  static String phase() {
    return "-o=jsonpath={.status.phase}";
  }

  /** Claims whose DataUploads there are. */
  List<String> claims() {
    return velero
        .run(
            "get", "datauploads", "-l", UPLOADS + name, "-o", "jsonpath={.items[*].spec.sourcePVC}")
        .lines()
        .flatMap(line -> List.of(line.split(" ")).stream())
        .toList();
  }

  /** Name of the DataUpload of a claim; empty while there is none. */
  String upload(String claim) {
    return velero.run(
        "get",
        "datauploads",
        "-l",
        UPLOADS + name,
        "-o",
        "jsonpath={.items[?(@.spec.sourcePVC==\"%s\")].metadata.name}".formatted(claim));
  }

  /** A field of a claim's DataUpload. */
  String field(String claim, String path) {
    return velero.run("get", "dataupload", upload(claim), "-o", "jsonpath={" + path + "}");
  }

  long number(String claim, String path) {
    String text = field(claim, path);
    assertThat(text).as("%s of %s in %s", path, claim, name).matches("\\d+");
    return Long.parseLong(text);
  }

  String message(String claim) {
    return field(claim, ".status.message");
  }

  /** What was read of the volume, as the message says it; all of it was asked of the driver. */
  long readBytes(String claim) {
    Matcher matcher =
        Pattern.compile("csi-snapshot-metadata: (\\d+) of \\d+ bytes read[^;]*")
            .matcher(message(claim));
    assertThat(matcher.matches()).as(message(claim)).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  /** Waits until the DataUpload of a claim has a phase. */
  void awaitPhase(String claim, String... phases) {
    Waiting.until(
        "DataUpload of " + claim + " in " + name,
        () -> upload(claim).isEmpty() ? "" : field(claim, ".status.phase"),
        List.of(phases)::contains);
  }

  /** Waits until the DataUpload of a claim has moved some bytes. */
  void awaitProgress(String claim) {
    Waiting.until(
        "progress of " + claim + " in " + name,
        () -> upload(claim).isEmpty() ? "" : field(claim, ".status.progress.bytesDone"),
        text -> !text.isEmpty() && !text.equals("0"));
  }

  /** Everything, for who has to find out why. */
  String all() {
    return velero.run(
        "get", "datauploads", "-l", UPLOADS + name, "-o", "jsonpath={.items[*].status}");
  }
}
