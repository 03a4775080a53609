package io.blockmover.ceph.rbd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageIdentityTest {

  @ParameterizedTest
  @ValueSource(strings = {"f-1/2/abc", "f-1/2/abc@5", "f-1/2/ns/abc", "f-1/2/ns/abc@5"})
  void anIdentityIsWrittenAsItIsRead(String text) {
    assertThat(ImageIdentity.parse(text).map(ImageIdentity::toString)).contains(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "f", "f/2", "f/x/abc", "f/2/abc@", "f/2/abc@x", "f/2/a/b/c", "f//abc"})
  void anythingElseIsNone(String text) {
    assertThat(ImageIdentity.parse(text)).isEmpty();
  }

  @Test
  void snapshotsOfOneImageHaveOneVolume() {
    ImageIdentity one = ImageIdentity.parse("f/2/ns/abc@5").orElseThrow();
    assertThat(one.isOfSameImage(ImageIdentity.parse("f/2/ns/abc@6").orElseThrow())).isTrue();
    assertThat(one.isOfSameImage(ImageIdentity.parse("f/2/abc@5").orElseThrow())).isFalse();
    assertThat(one.isOfSameImage(ImageIdentity.parse("g/2/ns/abc@5").orElseThrow())).isFalse();
    assertThat(one.volume()).isEqualTo("f/2/ns/abc");
  }
}
