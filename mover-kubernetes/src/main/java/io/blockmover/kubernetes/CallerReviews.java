package io.blockmover.kubernetes;

import io.blockmover.api.MoverException;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;

/** Asks the API server who somebody is and what he may, for services of ours. Thread-safe. */
public final class CallerReviews {

  private final KubernetesClient client;

  CallerReviews(KubernetesClient client) {
    this.client = client;
  }

  /** Somebody whom the API server vouches for. */
  public static final class Caller {
    private final UserInfo user;

    private Caller(UserInfo user) {
      this.user = user;
    }

    /** Such as {@code system:serviceaccount:backup:mover}. */
    public String name() {
      return user.getUsername() == null ? "" : user.getUsername();
    }
  }

  /**
   * Whose token this is.
   *
   * @param token secret
   * @param audience that the token must be for
   * @return empty if the server does not vouch for it, or it is for others
   */
  public Optional<Caller> authenticate(String token, String audience) throws MoverException {
    TokenReview asked =
        new TokenReviewBuilder()
            .withNewSpec()
            .withToken(token)
            .withAudiences(audience)
            .endSpec()
            .build();
    TokenReview answer = ApiCalls.call("review a token", () -> client.tokenReviews().create(asked));
    TokenReviewStatus status = answer == null ? null : answer.getStatus();
    if (status == null || !Boolean.TRUE.equals(status.getAuthenticated())) {
      return Optional.empty();
    }
    // A server that knows no audiences answers without any: then the token may be for anybody.
    boolean meant = status.getAudiences() != null && status.getAudiences().contains(audience);
    return meant ? Optional.ofNullable(status.getUser()).map(Caller::new) : Optional.empty();
  }

  /** Whether somebody may {@code get} the VolumeSnapshots of a namespace. */
  public boolean mayGetSnapshots(Caller caller, String namespace) throws MoverException {
    UserInfo user = caller.user;
    SubjectAccessReview asked =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(user.getUsername())
            .withUid(user.getUid())
            .withGroups(user.getGroups())
            .withExtra(user.getExtra() == null ? Map.of() : user.getExtra())
            .withNewResourceAttributes()
            .withVerb("get")
            .withGroup("snapshot.storage.k8s.io")
            .withVersion("v1")
            .withResource("volumesnapshots")
            .withNamespace(namespace)
            .endResourceAttributes()
            .endSpec()
            .build();
    return allowed("review what a caller may", asked);
  }

  /**
   * Whether a user may do something.
   *
   * @param user such as {@code system:serviceaccount:velero:blockmover-controller}
   * @param resource the plural, with {@code /subresource} where there is one
   * @param namespace empty for all
   */
  public boolean may(String user, String verb, String group, String resource, String namespace)
      throws MoverException {
    SubjectAccessReview asked =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(user)
            .withResourceAttributes(ResourceAccess.of(verb, group, resource, namespace))
            .endSpec()
            .build();
    return allowed("review what " + user + " may", asked);
  }

  private boolean allowed(String what, SubjectAccessReview asked) throws MoverException {
    SubjectAccessReview answer =
        ApiCalls.call(what, () -> client.authorization().v1().subjectAccessReview().create(asked));
    return answer != null && ResourceAccess.allowed(answer.getStatus());
  }
}
