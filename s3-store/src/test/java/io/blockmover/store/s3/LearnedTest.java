package io.blockmover.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LearnedTest {

  private static final String SERVER = "https://store:9000";
  private static final S3Options GIVEN = S3Options.parse(Map.of("s3-endpoint", SERVER));
  private static final Map<String, String> LEARNED =
      Map.of("s3-server", SERVER, "s3-checksum", "crc32c", "s3-etag", "quoted");

  @Test
  void whatWasLearnedAtThisServerIsTakenOver() {
    S3Options options = Learned.with(GIVEN, LEARNED, SERVER);
    assertThat(GIVEN.checksum()).isEqualTo(ChecksumMode.MD5);
    assertThat(options.checksum()).isEqualTo(ChecksumMode.CRC32C);
    assertThat(options.etagForm()).isEqualTo(EtagForm.QUOTED);
    assertThat(options.endpoint()).isEqualTo(GIVEN.endpoint());
  }

  @Test
  void whatWasLearnedElsewhereIsNot() {
    assertThat(Learned.with(GIVEN, LEARNED, "https://other:9000")).isEqualTo(GIVEN);
    assertThat(Learned.with(GIVEN, Map.of("s3-checksum", "none"), SERVER)).isEqualTo(GIVEN);
  }

  @Test
  void whatTheUserChoseWins() {
    S3Options chosen = S3Options.parse(Map.of("s3-endpoint", SERVER, "s3-checksum", "md5"));
    assertThat(Learned.with(chosen, LEARNED, SERVER).checksum()).isEqualTo(ChecksumMode.MD5);
  }

  @Test
  void aRepositoryCannotSendDataElsewhereOrSwitchConditionsOff() {
    Map<String, String> hostile =
        Map.of(
            "s3-server", SERVER,
            "s3-endpoint", "http://elsewhere",
            "s3-region", "mars",
            "s3-cas", "false",
            "s3-put-if-absent", "false",
            "s3-tags", "a=b");
    assertThat(Learned.with(GIVEN, hostile, SERVER)).isEqualTo(GIVEN);
  }

  @Test
  void valuesOfANewerVersionArePassedOver() {
    Map<String, String> newer = Map.of("s3-server", SERVER, "s3-checksum", "blake9");
    assertThat(Learned.with(GIVEN, newer, SERVER)).isEqualTo(GIVEN);
  }

  @Test
  void theWritesThatFollowUseIt() throws IOException {
    try (FaultProxy proxy = new FaultProxy(LocalS3.port());
        S3ObjectStore store =
            LocalS3.connection(proxy.endpoint(), LocalS3.freshLocation(), Map.of()).store()) {
      store.put("before", ByteBuffer.wrap("1".getBytes(UTF_8)));
      store.adopt(Map.of("s3-server", proxy.endpoint().toString(), "s3-checksum", "crc32c"));
      store.put("after", ByteBuffer.wrap("2".getBytes(UTF_8)));
      assertThat(proxy.requests().get(0).toLowerCase(Locale.ROOT)).contains("content-md5:");
      assertThat(proxy.requests().get(1).toLowerCase(Locale.ROOT))
          .contains("x-amz-checksum-crc32c:")
          .doesNotContain("content-md5:");
    }
  }
}
