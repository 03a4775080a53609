package io.blockmover.ceph.rbd.librbd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonitorAddressesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.1:3300 | v2:10.0.0.1:3300",
        "a.example:3300,b.example:3300 | v2:a.example:3300,v2:b.example:3300",
        "10.0.0.1:3300; 10.0.0.2:6789 | v2:10.0.0.1:3300,10.0.0.2:6789",
        "10.0.0.1 | 10.0.0.1",
        "v2:10.0.0.1:3300 | v2:10.0.0.1:3300",
        "v1:10.0.0.1:6789 | v1:10.0.0.1:6789",
        "[v2:10.0.0.1:3300,v1:10.0.0.1:6789],10.0.0.2:3300 | [v2:10.0.0.1:3300,v1:10.0.0.1:6789],v2:10.0.0.2:3300",
        "[2001:db8::1]:3300 | v2:[2001:db8::1]:3300",
        "[2001:db8::1]:6789 | [2001:db8::1]:6789",
        "[v2:10.0.0.1:3300 | [v2:10.0.0.1:3300",
      })
  void addressesAtThePortOfProtocol2SayThatProtocol(String written, String explicit) {
    assertThat(MonitorAddresses.explicit(written)).isEqualTo(explicit);
  }
}
