package io.blockmover.ceph.rbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RbdSpecTest {

  @Test
  void aNameHasPoolNamespaceImageAndSnapshot() {
    assertThat(RbdSpec.parse("p/i")).isEqualTo(new RbdSpec("p", "", "i", ""));
    assertThat(RbdSpec.parse("p/n/i@s:1")).isEqualTo(new RbdSpec("p", "n", "i", "s:1"));
    assertThat(RbdSpec.parse("p/i@s/1")).isEqualTo(new RbdSpec("p", "", "i", "s/1"));
    assertThat(RbdSpec.parse("p/n/i@s").withoutSnapshot()).hasToString("p/n/i");
  }

  @ParameterizedTest
  @ValueSource(strings = {"p/i", "p/n/i", "p/i@s", "p/n/i@s"})
  void aNameIsWrittenAsItIsRead(String name) {
    assertThat(RbdSpec.parse(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "i", "/i", "p/", "p//i", "p/i@", "p/i@a@b", "a/b/c/d", "p@s/i"})
  void anythingElseIsRefusedWithTheForm(String name) {
    assertThatThrownBy(() -> RbdSpec.parse(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pool[/namespace]/image[@snapshot]");
  }
}
