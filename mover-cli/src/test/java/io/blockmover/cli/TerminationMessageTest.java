package io.blockmover.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.kubernetes.PodLogs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminationMessageTest {

  @TempDir private Path directory;

  private record Report(String backup, long readBytes, List<String> steps, List<String> warnings) {}

  private static Map<String, Object> parsed(Map<String, ?> document) {
    String text = TerminationMessage.text(document);
    assertThat(text.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(TerminationMessage.MAX_BYTES);
    return PodLogs.document(text).orElseThrow();
  }

  @Test
  void aReportsFieldsStandBesideTheOthers() {
    Report report = new Report("3f", 7, List.of("down"), List.of("one"));
    assertThat(parsed(Map.of("type", "backup", "report", report, "warnings", List.of("two"))))
        .containsEntry("type", "backup")
        .containsEntry("backup", "3f")
        .containsEntry("readBytes", 7)
        .containsEntry("steps", List.of("down"))
        .doesNotContainKey("report")
        .hasEntrySatisfying(
            "warnings",
            all ->
                assertThat(all)
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                    .containsExactlyInAnyOrder("one", "two"));
  }

  @Test
  void whateverIsLongIsCutAndWhatCountsStays() {
    List<String> many = Collections.nCopies(3000, "the tracker was not asked: ä\"\n".repeat(9));
    Map<String, Object> message =
        parsed(Map.of("report", new Report("3f", Long.MAX_VALUE, many, many)));
    assertThat(message).containsEntry("backup", "3f").containsEntry("readBytes", Long.MAX_VALUE);
    assertThat((List<?>) message.get("steps")).last().asString().contains("more");
  }

  @Test
  void aLongErrorKeepsItsBeginningAndItsKind() {
    Map<String, Object> message =
        parsed(Map.of("type", "error", "kind", "full", "message", "no space ".repeat(9999)));
    assertThat(message).containsEntry("kind", "full");
    assertThat(message.get("message").toString()).startsWith("no space").endsWith("...");
  }

  @Test
  void anOlderMessageIsReplacedAsAWhole() throws Exception {
    Path file = Files.writeString(directory.resolve("log"), "x".repeat(9000));
    MoverRun run = new MoverRun().variable("MOVER_TERMINATION_LOG", file.toString());
    TerminationMessage.write(Map.of("type", "error"), run.surroundings());
    assertThat(file).hasContent("{\"type\":\"error\"}");
  }
}
