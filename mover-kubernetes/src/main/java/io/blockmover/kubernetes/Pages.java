package io.blockmover.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Lists in pages, so that no answer is large. */
final class Pages {

  private Pages() {}

  static <T extends HasMetadata, L extends KubernetesResourceList<T>> List<T> all(
      Function<ListOptions, L> list, int pageSize) {
    List<T> all = new ArrayList<>();
    String next = null;
    do {
      L page =
          list.apply(
              new ListOptionsBuilder().withLimit((long) pageSize).withContinue(next).build());
      all.addAll(page.getItems());
      next = page.getMetadata() == null ? null : page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
    return all;
  }
}
