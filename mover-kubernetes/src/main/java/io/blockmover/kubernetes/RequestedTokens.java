package io.blockmover.kubernetes;

import io.blockmover.api.MoverException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Asks the API server for tokens, and keeps each until a fifth of its life is left. */
final class RequestedTokens implements TokenSource {

  private static final int SHARE_KEPT_BACK = 5;

  private final ServiceAccountTokens tokens;
  private final ObjectName account;
  private final String audience;
  private final Duration life;
  private final Clock clock;

  private @Nullable ServiceToken current;
  private Instant renewAt = Instant.MIN;

  RequestedTokens(
      ServiceAccountTokens tokens,
      ObjectName account,
      String audience,
      Duration life,
      Clock clock) {
    this.tokens = tokens;
    this.account = account;
    this.audience = audience;
    this.life = life;
    this.clock = clock;
  }

  @Override
  public synchronized ServiceToken token() throws MoverException {
    Instant now = clock.instant();
    ServiceToken token = current;
    if (token == null || !now.isBefore(renewAt)) {
      token = tokens.request(account, audience, life);
      // Reckoned with our clock on both ends: one that is wrong by minutes does no harm.
      Duration left = Duration.between(now, token.expires());
      renewAt =
          now.plus((left.isNegative() ? life : left).dividedBy(SHARE_KEPT_BACK).multipliedBy(4));
      current = token;
    }
    return token;
  }

  @Override
  public synchronized void discard() {
    current = null;
  }
}
