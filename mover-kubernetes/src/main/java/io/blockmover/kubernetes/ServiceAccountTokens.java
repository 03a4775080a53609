package io.blockmover.kubernetes;

import io.blockmover.api.AccessDenied;
import io.blockmover.api.MoverException;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReview;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Gives tokens of service accounts for other services than the API server. Thread-safe. */
public final class ServiceAccountTokens {

  /** The shortest life that the API server grants. */
  public static final Duration LEAST_LIFE = Duration.ofMinutes(10);

  private static final String ACCOUNT_PREFIX = "system:serviceaccount:";

  private final KubernetesClient client;

  ServiceAccountTokens(KubernetesClient client) {
    this.client = client;
  }

  /** The name under which the API server knows us, such as {@code kubernetes-admin}. */
  public String user() throws MoverException {
    SelfSubjectReview review =
        ApiCalls.call(
            "ask the API server who we are",
            () ->
                client.authentication().v1().selfSubjectReviews().create(new SelfSubjectReview()));
    String user =
        review.getStatus() == null || review.getStatus().getUserInfo() == null
            ? null
            : review.getStatus().getUserInfo().getUsername();
    return user == null ? "" : user;
  }

  /** The service account that we are; empty for a person with a certificate or a login. */
  public Optional<ObjectName> self() throws MoverException {
    String user = user();
    return user.startsWith(ACCOUNT_PREFIX)
        ? ObjectName.parse(user.substring(ACCOUNT_PREFIX.length()).replace(':', '/'))
        : Optional.empty();
  }

  /**
   * Asks for one token.
   *
   * @param life at least {@link #LEAST_LIFE}; the server may give another, see the answer
   */
  public ServiceToken request(ObjectName account, String audience, Duration life)
      throws MoverException {
    TokenRequest request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withAudiences(audience)
            .withExpirationSeconds(life.toSeconds())
            .endSpec()
            .build();
    TokenRequest answer =
        ApiCalls.call(
            "get a token of service account " + account,
            () ->
                client
                    .serviceAccounts()
                    .inNamespace(account.namespace())
                    .withName(account.name())
                    .tokenRequest(request));
    if (answer == null || answer.getStatus() == null || answer.getStatus().getToken() == null) {
      throw new AccessDenied(
          "the API server gave no token of service account " + account,
          "does it exist? kubectl get serviceaccount -n "
              + account.namespace()
              + " "
              + account.name());
    }
    return new ServiceToken(
        answer.getStatus().getToken(),
        ClusterObject.instant(answer.getStatus().getExpirationTimestamp()).orElse(Instant.MAX));
  }

  /** Tokens as they are needed, renewed in time. */
  public TokenSource source(ObjectName account, String audience, Duration life, Clock clock) {
    return new RequestedTokens(this, account, audience, life, clock);
  }

  /** Tokens from a file that somebody else renews, such as a projected volume. */
  public static TokenSource file(Path file) {
    return new ProjectedToken(file);
  }
}
