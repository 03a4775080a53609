package io.blockmover.store.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

class S3OptionsTest {

  @Test
  void withoutAnyOptionItIsAmazonAndCrc32c() {
    S3Options options = S3Options.parse(Map.of());
    assertThat(options.endpoint()).isEmpty();
    assertThat(options.pathStyle()).isFalse();
    assertThat(options.checksum()).isEqualTo(ChecksumMode.CRC32C);
    assertThat(options.compareAndSwap()).isTrue();
    assertThat(options.putIfAbsent()).isTrue();
  }

  @Test
  void anEndpointMeansPathStyleAndMd5UnlessSaidOtherwise() {
    S3Options options = S3Options.parse(Map.of("s3-endpoint", "https://store:9000"));
    assertThat(options.pathStyle()).isTrue();
    assertThat(options.checksum()).isEqualTo(ChecksumMode.MD5);
    S3Options said =
        S3Options.parse(
            Map.of(
                "s3-endpoint", "https://store:9000",
                "s3-path-style", "false",
                "s3-checksum", "none"));
    assertThat(said.pathStyle()).isFalse();
    assertThat(said.checksum()).isEqualTo(ChecksumMode.NONE);
  }

  @Test
  void aKmsKeyImpliesKmsAndTagsAreEncoded() {
    S3Options.WriteHeaders headers =
        S3Options.parse(Map.of("s3-kms-key", "key-1", "s3-tags", "team=a b,x=1&2")).writeHeaders();
    assertThat(headers.encryption()).isEqualTo("aws:kms");
    assertThat(headers.kmsKey()).isEqualTo("key-1");
    assertThat(headers.tagging()).isEqualTo("team=a%20b&x=1%262");
  }

  @Test
  void whatMakesNoSenseIsRefusedWithTheOptionsName() {
    for (Map<String, String> options :
        List.of(
            Map.of("s3-endpoint", "store:9000"),
            Map.of("s3-endpoint", "ftp://store"),
            Map.of("s3-endpoint", "https://user:secret@store"),
            Map.of("s3-path-style", "maybe"),
            Map.of("s3-max-concurrency", "0"),
            Map.of("s3-max-concurrency", "many"),
            Map.of("s3-checksum", "sha1"),
            Map.of("s3-ca-file", "no/such/file.pem"),
            Map.of("s3-etag", "double"),
            Map.of("s3-sse", "rot13"),
            Map.of("s3-kms-key", "k", "s3-sse", "AES256"),
            Map.of("s3-tags", "novalue"))) {
      String name =
          options.containsKey("s3-kms-key") ? "s3-kms-key" : options.keySet().iterator().next();
      assertThatIllegalArgumentException()
          .as(options.toString())
          .isThrownBy(() -> S3Options.parse(options))
          .withMessageContaining("--" + name)
          .withMessageNotContaining("user:secret");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> S3Options.parse(Map.of("s3-endpiont", "x")))
        .withMessageContaining("s3-endpiont");
  }

  @Test
  void aLocationIsBucketAndPrefixAndNothingElse() {
    assertThat(S3Location.parse(URI.create("s3://b_1/x/y/")))
        .isEqualTo(new S3Location("b_1", "x/y/"))
        .hasToString("s3://b_1/x/y");
    assertThat(S3Location.parse(URI.create("s3://b"))).isEqualTo(new S3Location("b", ""));
    for (String bad :
        List.of("s3:///x", "s3://user@b/x", "s3://b:90/x", "s3://b/x?y", "s3://b/x//y")) {
      assertThatIllegalArgumentException()
          .as(bad)
          .isThrownBy(() -> S3Location.parse(URI.create(bad)));
    }
  }

  @Test
  void checksumsAreThoseOfTheStandards() {
    ByteBuffer body = ByteBuffer.allocateDirect(20).put("x123456789x".getBytes(US_ASCII));
    body.position(1).limit(10);
    PutObjectRequest.Builder request = PutObjectRequest.builder();
    ChecksumMode.CRC32C.addTo(request, body);
    ChecksumMode.MD5.addTo(request, body);
    // The check value of CRC-32C is E3069283; md5("123456789") is 25f9e794323b453885f5181f1b624d0b.
    assertThat(request.build().checksumCRC32C()).isEqualTo("4waSgw==");
    assertThat(request.build().contentMD5()).isEqualTo("JfnnlDI7RTiF9RgfG2JNCw==");
    assertThat(body.remaining()).isEqualTo(9);
  }

  @Test
  void theEtagIsQuotedOnlyWhereAskedFor() {
    assertThat(EtagForm.tag("\"abc\"")).isEqualTo("abc");
    assertThat(EtagForm.tag("abc")).isEqualTo("abc");
    assertThat(EtagForm.UNQUOTED.ifMatch("abc")).isEqualTo("abc");
    assertThat(EtagForm.QUOTED.ifMatch("abc")).isEqualTo("\"abc\"");
  }
}
