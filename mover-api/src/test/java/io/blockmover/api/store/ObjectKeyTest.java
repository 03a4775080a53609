package io.blockmover.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectKeyTest {

  @ParameterizedTest
  @ValueSource(strings = {"format", "v/0f/HEAD", "a.b-c_d/..e", "x/..."})
  void ordinaryKeysAreTaken(String key) {
    assertThat(ObjectKey.requireValid(key)).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/a", "a/", "a//b", ".", "..", "a/../b", "a b", "ü", "a\\b", "a\0b", "a~b"})
  void keysThatCouldLeaveTheStoreAreRefused(String key) {
    assertThatIllegalArgumentException().isThrownBy(() -> ObjectKey.requireValid(key));
  }

  @Test
  void componentsHaveABound() {
    assertThat(ObjectKey.requireValid("a/" + "x".repeat(200))).hasSize(202);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ObjectKey.requireValid("a/" + "x".repeat(201)));
  }
}
