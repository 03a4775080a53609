package io.blockmover.kubernetes;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;

/**
 * A kind of objects in namespaces that others define.
 *
 * @param versions that are understood, the preferred first
 */
public record CustomKind(String group, List<String> versions, String kind, String plural) {

  public CustomKind {
    versions = List.copyOf(versions);
  }

  ResourceDefinitionContext context(String version) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }
}
