package io.blockmover.ceph.rbd.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusScopeTest {

  @Test
  void poolsNamespacesAndImagesAreToldApart() {
    assertThat(StatusScope.parse("vms")).isEqualTo(new StatusScope("vms", "", ""));
    assertThat(StatusScope.parse("rbd:vms/disk")).isEqualTo(new StatusScope("vms", "", "disk"));
    assertThat(StatusScope.parse("vms/team/")).isEqualTo(new StatusScope("vms", "team", ""));
    assertThat(StatusScope.parse("vms/team/disk")).hasToString("vms/team/disk");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/disk", "vms/", "vms//disk", "a/b/c/d", "vms/disk@monday"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> StatusScope.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("POOL/IMAGE");
  }
}
