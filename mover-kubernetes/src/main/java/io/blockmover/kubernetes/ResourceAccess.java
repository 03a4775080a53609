package io.blockmover.kubernetes;

import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributesBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewStatus;
import org.jspecify.annotations.Nullable;

/** How the API server is asked whether something is allowed, and how its answer is read. */
final class ResourceAccess {

  private ResourceAccess() {}

  /**
   * What is asked about.
   *
   * @param resource the plural, with {@code /subresource} where there is one
   * @param namespace empty for all
   */
  static ResourceAttributes of(String verb, String group, String resource, String namespace) {
    int slash = resource.indexOf('/');
    return new ResourceAttributesBuilder()
        .withVerb(verb)
        .withGroup(group)
        .withResource(slash < 0 ? resource : resource.substring(0, slash))
        .withSubresource(slash < 0 ? null : resource.substring(slash + 1))
        .withNamespace(namespace.isEmpty() ? null : namespace)
        .build();
  }

  /** No answer allows nothing. */
  static boolean allowed(@Nullable SubjectAccessReviewStatus status) {
    return status != null && Boolean.TRUE.equals(status.getAllowed());
  }
}
