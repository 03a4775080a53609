package io.blockmover.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectNameTest {

  @Test
  void aNameHasANamespaceAndIsWrittenAsItWasRead() {
    assertThat(ObjectName.parse("app/data.2026-01"))
        .contains(new ObjectName("app", "data.2026-01"))
        .hasValueSatisfying(name -> assertThat(name).hasToString("app/data.2026-01"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"data", "/data", "app/", "app/a/b", "App/data", "app/..", "a.b/c", "app/x?y"})
  void whatCouldLeadElsewhereInAUrlIsNoName(String text) {
    assertThat(ObjectName.parse(text)).isEmpty();
  }
}
