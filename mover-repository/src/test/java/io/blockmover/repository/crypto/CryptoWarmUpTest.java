package io.blockmover.repository.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CryptoWarmUpTest {

  @Test
  void endsByItselfAndNeverKeepsTheProcessAlive() throws Exception {
    Thread thread = CryptoWarmUp.begin();
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
  }
}
